// The budget of fix pull requests: exact with many workers at once, and told to who waits.
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createTenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { createFixPullRequestsStore, fixPullRequestsIndexes, type Repair } from '../../../control-plane/pull-requests/fix-pull-requests-store.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'

const TENANT = '1@issuer.test'
let database: TestDatabase
let now = new Date('2026-11-24T12:00:00Z')

beforeAll(async () => {
  database = await openTestDatabase()
  await ensureIndexes(database.db, [fixPullRequestsIndexes])
})
afterAll(() => database.close())

const repairOf = (id: number, changes: Partial<Repair> = {}): Repair => ({ repositoryId: String(id), repository: `acme/r${id}`, severity: 'high', fixes: 'safe', ...changes })
const own = (tenantId: string) => createFixPullRequestsStore({ collections: database.collections, clock: () => now }).for(tenantId)

test('of 40 repositories that claim at once from five workers exactly as many get a place as there are', async () => {
  const workers = Array.from({ length: 5 }, () => own(TENANT))
  const claims = await Promise.all(Array.from({ length: 40 }, (_, id) => (workers[id % 5] ?? own(TENANT)).claim(repairOf(id), { maxOpen: 7, maxPerDay: 30 })))
  expect(claims.filter((claimed) => claimed === 'granted')).toHaveLength(7)
  expect(claims.filter((claimed) => claimed === 'max-open')).toHaveLength(33)
  expect(await own(TENANT).inState('opening', 100)).toHaveLength(7)
  expect(await own(TENANT).inState('waiting', 100)).toHaveLength(33)
  expect(await own(TENANT).room({ maxOpen: 7, maxPerDay: 30 })).toBe(0)
})

test('a place of the day stays taken when its pull request is closed, and comes back when none was opened', async () => {
  const store = own('2@issuer.test')
  const limits = { maxOpen: 5, maxPerDay: 2 }
  expect([await store.claim(repairOf(1), limits), await store.claim(repairOf(2), limits), await store.claim(repairOf(3), limits)]).toEqual(['granted', 'granted', 'max-per-day'])
  await store.open(repairOf(1), { number: 4, url: 'https://github.test/acme/r1/pull/4' })
  await store.close('1', 'closed')
  expect(await store.claim(repairOf(3), limits)).toBe('max-per-day')
  expect(await store.claim(repairOf(1), limits), 'a repository counts once a day').toBe('granted')
  await store.abandon('2')
  expect(await store.claim(repairOf(3), limits)).toBe('granted')
  now = new Date('2026-11-25T00:00:00Z')
  expect(await store.room(limits)).toBe(2)
  expect(await store.claim(repairOf(2), limits)).toBe('granted')
})

test('what is held is granted again, and what stands on the code host is open whether there was room or not', async () => {
  const store = own('3@issuer.test')
  const limits = { maxOpen: 1, maxPerDay: 9 }
  expect([await store.claim(repairOf(1), limits), await store.claim(repairOf(1), limits)]).toEqual(['granted', 'granted'])
  await store.open(repairOf(2), { number: 1, url: null })
  expect(await store.room({ maxOpen: 3, maxPerDay: 9 })).toBe(1)
  expect(await store.get('2')).toMatchObject({ state: 'open', number: 1, repository: 'acme/r2', snoozedUntil: null })
})

test('under a limit that was higher nobody is let in before so many have gone', async () => {
  const store = own('6@issuer.test')
  for (const id of [1, 2, 3, 4]) {
    expect(await store.claim(repairOf(id), { maxOpen: 4, maxPerDay: 9 })).toBe('granted')
    await store.open(repairOf(id), { number: id, url: null })
  }
  const limits = { maxOpen: 2, maxPerDay: 9 }
  for (const id of ['1', '2', '3']) {
    expect(await store.claim(repairOf(5), limits)).toBe('max-open')
    await store.close(id, 'merged')
  }
  expect(await store.claim(repairOf(5), limits)).toBe('granted')
})

test('organisations do not take places from each other', async () => {
  const limits = { maxOpen: 1, maxPerDay: 1 }
  expect([await own('4@issuer.test').claim(repairOf(1), limits), await own('5@issuer.test').claim(repairOf(1), limits)]).toEqual(['granted', 'granted'])
})

test('the organisations that wait are found by an index, without reading what does not wait', async () => {
  const client = await new MongoClient(database.uri, { monitorCommands: true }).connect()
  const finds: Record<'find' | 'filter' | 'projection' | 'limit', unknown>[] = []
  client.on('commandStarted', ({ commandName, command }: { readonly commandName: string; readonly command: object }) => { if (commandName === 'find') finds.push(command as (typeof finds)[number]) })
  const db = client.db(database.name)
  await db.collection('fix-pull-requests').deleteMany({})
  const store = createFixPullRequestsStore({ collections: createTenantCollections(db), clock: () => now })
  for (let id = 0; id < 20; id++) await store.for(TENANT).open(repairOf(id), { number: 1, url: null })
  for (const tenantId of ['4@issuer.test', '5@issuer.test']) await store.for(tenantId).wait(repairOf(1))
  await store.for('5@issuer.test').wait(repairOf(2))
  finds.length = 0
  expect([...await store.tenantsThatWait()].sort()).toEqual(['4@issuer.test', '5@issuer.test'])
  const { find, filter, projection, limit } = finds[0]!
  const explained = await db.command({ explain: { find, filter, projection, limit }, verbosity: 'executionStats' })
  expect(explained).toMatchObject({ executionStats: { nReturned: 3, totalDocsExamined: 3 } })
  await client.close()
})
