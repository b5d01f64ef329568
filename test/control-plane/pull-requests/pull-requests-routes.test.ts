// The fix pull requests of an organisation over HTTP, and how much of their budget is used.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createFixPullRequestsStore, fixPullRequestsIndexes, type Repair } from '../../../control-plane/pull-requests/fix-pull-requests-store.ts'
import { createPullRequestsRoutes } from '../../../control-plane/pull-requests/pull-requests-routes.ts'
import { createPullRequestsService } from '../../../control-plane/pull-requests/pull-requests-service.ts'
import { assembleRepositories, repositoriesModuleIndexes } from '../../../control-plane/repositories/assemble-repositories.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

interface Listed {
  readonly budget: { readonly maxOpen: number; readonly open: number; readonly maxPerDay: number; readonly openedToday: number; readonly dayEndsAt: string; readonly waiting: number }
  readonly items: readonly { readonly repository: string; readonly state: string; readonly number: number | null; readonly openedAt: string | null; readonly snoozedUntil: string | null }[]
  readonly next: string | null
  readonly code?: string
}

const HOUR_MS = 3_600_000
const LIMITS = { maxOpen: 100, maxPerDay: 100 }
const NOON = '2026-12-01T12:00:00Z'

let platform: Platform
let app: ServiceApp
let keys: Readonly<Record<'acme' | 'rival', string>>
let tenants: Readonly<Record<'acme' | 'rival', string>>

beforeAll(async () => {
  platform = await startPlatform()
  await ensureIndexes(platform.database.db, [fixPullRequestsIndexes, ...repositoriesModuleIndexes])
  platform.advance(Date.parse(NOON) - Date.now())
  const store = createFixPullRequestsStore(platform)
  app = await startServiceApp({ platform }, [createPullRequestsRoutes({ service: createPullRequestsService({ store, policies: assembleRepositories(platform).policies, clock: platform.clock }) })])
  const tenant = async (ownerName: string, ownerId: string) => (await platform.tenants.create({ issuerHost: 'issuer.test', ownerId, ownerName, aiEnabled: false })).id
  tenants = { acme: await tenant('acme', '4242'), rival: await tenant('rival', '777') }
  keys = { acme: await app.keyOf(tenants.acme, ['analyses:read']), rival: await app.keyOf(tenants.rival, ['admin']) }
  await fill(store.for(tenants.acme))
  await store.for(tenants.rival).open(repairOf('secret'), { number: 1, url: null })
})
afterAll(async () => {
  await app.close()
  await platform.close()
})

const repairOf = (name: string, changes: Partial<Repair> = {}): Repair => ({
  repositoryId: name, repository: `acme/${name}`, severity: 'high', fixes: 'safe', repairs: { findings: 3, files: 1, paths: ['.github/workflows/ci.yml'] }, ...changes,
})

/** One in each state, and two repositories that have none and wait for none. */
async function fill(own: ReturnType<ReturnType<typeof createFixPullRequestsStore>['for']>): Promise<void> {
  const opened = async (name: string, number: number, changes: Partial<Repair> = {}) => {
    await own.claim(repairOf(name, changes), LIMITS)
    await own.open(repairOf(name, changes), { number, url: `https://github.test/acme/${name}/pull/${number}` })
  }
  await opened('closed', 1)
  await own.close('closed', 'closed')
  await opened('merged', 2)
  await own.close('merged', 'merged')
  await opened('open', 3, { severity: 'medium', fixes: 'all' })
  await own.claim(repairOf('opening'), LIMITS)
  await opened('snoozed', 4)
  await own.snooze({ repositoryId: 'snoozed', repository: 'acme/snoozed' }, new Date(platform.clock().getTime() + HOUR_MS))
  await own.close('snoozed', 'closed')
  await opened('waiting', 5)
  await own.close('waiting', 'merged')
  await own.wait(repairOf('waiting', { severity: 'low' }))
  await own.claim(repairOf('nothing'), LIMITS)
  await own.abandon('nothing')
  await own.wait(repairOf('repaired'))
  await own.close('repaired', 'closed')
}

const list = async (query = '', key = keys.acme) => (await app.call<Listed>(key, `/pull-requests${query}`)).body
const named = ({ items }: Pick<Listed, 'items'>) => items.map(({ repository }) => repository.replace('acme/', ''))

test('are listed with what the record holds, and what waits does not show the number of the one before', async () => {
  const { items } = await list()
  const url = (name: string, number: number) => `https://github.test/acme/${name}/pull/${number}`
  const today = expect.stringMatching(/^2026-12-01T12:/) as string
  expect(items).toMatchObject([
    { repository: 'acme/closed', state: 'closed', number: 1, url: url('closed', 1), openedAt: today, since: today, snoozedUntil: null },
    { repository: 'acme/merged', state: 'merged', number: 2, openedAt: today },
    { repositoryId: 'open', repository: 'acme/open', state: 'open', number: 3, url: url('open', 3), severity: 'medium', fixes: 'all', openedAt: today, repairs: { findings: 3, files: 1, paths: ['.github/workflows/ci.yml'] } },
    { repository: 'acme/opening', state: 'opening', number: null, url: null, openedAt: null },
    { repository: 'acme/snoozed', state: 'snoozed', number: 4, snoozedUntil: expect.stringMatching(/^2026-12-01T13:/) as string },
    { repository: 'acme/waiting', state: 'waiting', severity: 'low', number: null, url: null, openedAt: null },
  ])
})

test('are filtered by state, severity and repository', async () => {
  for (const state of ['closed', 'merged', 'open', 'opening', 'snoozed', 'waiting']) expect(named(await list(`?state=${state}`)), state).toEqual([state])
  expect(named(await list('?severity=medium'))).toEqual(['open'])
  expect(named(await list('?severity=high&state=open'))).toEqual([])
  expect(named(await list('?repository=merged'))).toEqual(['merged'])
  expect(named(await list('?repository=secret'))).toEqual([])
  for (const query of ['?state=gone', '?severity=worst', '?state=', '?page=2', '?limit=0']) expect(await app.call<Listed>(keys.acme, `/pull-requests${query}`)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } })
})

test('are listed page by page, with a cursor that is good for the same filters and organisation only', async () => {
  const first = await list('?severity=high&limit=3')
  const second = await list(`?severity=high&limit=3&cursor=${first.next ?? ''}`)
  expect([named(first), named(second), second.next]).toEqual([['closed', 'merged', 'opening'], ['snoozed'], null])
  for (const [query, key] of [['', keys.acme], ['&severity=low', keys.acme], ['&severity=high', keys.rival]] as const) {
    expect(await app.call<Listed>(key, `/pull-requests?limit=3&cursor=${first.next ?? ''}${query}`)).toMatchObject({ status: 400, body: { code: 'CURSOR_INVALID' } })
  }
})

test('belong to one organisation', async () => {
  expect(await list('', keys.rival)).toMatchObject({ budget: { open: 1, openedToday: 0, waiting: 0 }, items: [{ repository: 'acme/secret', openedAt: expect.any(String) as string }] })
})

test('come with the budget: its limits, what is taken of them, who waits, and when the day ends; and a snooze ends by itself', async () => {
  const { budget } = await list('?limit=1')
  // Abandoned ones have given their place of the day back.
  expect(budget).toEqual({ maxOpen: 10, open: 2, maxPerDay: 5, openedToday: 6, dayEndsAt: '2026-12-02T00:00:00.000Z', waiting: 1 })
  platform.advance(13 * HOUR_MS)
  expect((await list()).budget).toMatchObject({ open: 2, openedToday: 0, dayEndsAt: '2026-12-03T00:00:00.000Z' })
  expect([named(await list('?state=snoozed')), named(await list('?state=closed'))]).toEqual([[], ['closed', 'snoozed']])
})
