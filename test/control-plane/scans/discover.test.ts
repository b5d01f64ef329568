// Scans ask the code host which repositories there are: what is new is looked at in the same round, what is gone is marked, and an
// unchanged list costs nothing of the token's limit.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Secret } from '../../../control-plane/secret.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'
import type { RepositoryOptions } from '../../github-gateway/repositories.ts'
import { DAY_MS, OPERATOR, startScanFixture, type ScanFixture } from './scan-fixture.ts'

interface Listed {
  readonly discover: boolean
  readonly skip: readonly string[]
  readonly paused: { readonly code: string } | null
  readonly listing: { readonly dueAt: string | null; readonly lastAt: string | null; readonly code: string | null; readonly requests: number; readonly listed: number; readonly added: number; readonly removed: number; readonly skipped: number; readonly isCutOff: boolean }
}

const HOUR_MS = 3_600_000
const ALL = { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } as const
const PAGE_OF_INSTALLATION = (page: number, status: number) => `GET /installation/repositories?page=${page} ${status}`
let fixture: ScanFixture
let app: ServiceApp
let admin: string

beforeAll(async () => {
  fixture = await startScanFixture({ discovers: true })
  app = await startServiceApp(fixture.service, fixture.scans.routes)
  admin = await app.keyOf(fixture.service.tenant.id, ['admin'])
})
afterAll(async () => {
  await app.close()
  await fixture.close()
})
/** Each test has the organisation's repositories for itself. */
beforeEach(async () => {
  const { github, database } = fixture.service
  for (const name of made.splice(0)) github.deleteRepository(name)
  for (const collection of ['repositories', 'repository-listings']) await database.db.collection(collection).deleteMany({})
  await fixture.service.giveToken()
  github.calm()
})

const made: string[] = []
const make = async (name: string, options: Partial<RepositoryOptions> = {}) => {
  const created = await fixture.service.github.createRepository({ owner: 'acme', name, files: { 'README.md': 'a shop\n' }, ...options })
  made.push(created.fullName)
  return created
}
/** Without a commit, which makes a look at each cheap. */
const makeHundred = (name: string) => Promise.all(Array.from({ length: 100 }, (_, index) => make(`${name}-${index}`, { files: {} })))
/** A round a day later than the one before; what reached the code host's lists meanwhile. */
async function round(scans = fixture.scans): Promise<readonly string[]> {
  const { github, tenant } = fixture.service
  fixture.advance(DAY_MS)
  github.requests.clear()
  await scans.service.run(tenant.id, OPERATOR)
  await scans.runDue()
  return github.requests.all().flatMap(({ method, path, query, status }) => {
    const page = new URLSearchParams(query).get('page')
    return path.startsWith('/repos/') && path.split('/').length > 4 ? [] : [`${method} ${path}${page === null ? '' : `?page=${page}`} ${status}`]
  })
}
const present = async () => [...(await fixture.service.repositories.store.for(fixture.service.tenant.id).known()).values()].filter(({ isPresent }) => isPresent).map(({ name }) => name).sort()
const status = async () => (await app.call<Listed>(admin, '/scans')).body
const skipped = async () => (await app.call<{ readonly items: readonly { readonly name: string; readonly result: string | null; readonly skipped: string | null }[] }>(admin, '/scans?limit=200')).body.items.map(({ name, result, skipped: why }) => [name, result, why].filter((part) => part !== null).join(' ')).sort()
const looks = async () => (await app.call<{ readonly items: readonly { readonly name: string; readonly result: string | null }[] }>(admin, '/scans?limit=200')).body.items.map(({ name, result }) => `${name} ${result ?? 'not yet'}`)

test('new repositories are taken in, looked at in the same round, and told', async () => {
  await make('one')
  await make('two', { private: true })
  expect(await round()).toEqual(expect.arrayContaining([PAGE_OF_INSTALLATION(1, 200), 'GET /repos/acme/one 200', 'GET /repos/acme/two 200']))
  expect(await looks()).toEqual(expect.arrayContaining(['acme/one changed', 'acme/two changed']))
  expect(await status()).toMatchObject({ discover: true, skip: ['archived', 'disabled', 'fork'], listing: { dueAt: null, code: null, requests: 1, listed: 2, added: 2, removed: 0, skipped: 0, isCutOff: false } })
})

test('an unchanged list is asked for conditionally, a page for each hundred repositories', async () => {
  const { github } = fixture.service
  await makeHundred('many')
  await make('last')
  expect((await round()).filter((line) => line.includes('installation'))).toEqual([PAGE_OF_INSTALLATION(1, 200), PAGE_OF_INSTALLATION(2, 200)])
  expect(await present()).toHaveLength(101)
  expect((await round()).filter((line) => line.includes('installation'))).toEqual([PAGE_OF_INSTALLATION(1, 304), PAGE_OF_INSTALLATION(2, 304)])
  expect(await present()).toHaveLength(101)
  await github.commit({ repo: 'acme/last', branch: 'main', message: 'a push', files: { 'README.md': 'pushed\n' } })
  expect((await round()).filter((line) => line.includes('installation'))).toEqual([PAGE_OF_INSTALLATION(1, 304), PAGE_OF_INSTALLATION(2, 200)])
})

test('topics are kept with their time, which an unchanged list renews', async () => {
  const { github, tenant, database } = fixture.service
  await make('topical', { files: {} })
  github.setTopics('acme/topical', ['service'])
  const kept = async () => (await database.db.collection<{ topics?: { names: string[]; at: Date } }>('repositories').findOne({ name: 'acme/topical' }))?.topics
  await round()
  const first = await kept()
  expect(first?.names).toEqual(['service'])
  expect(await round()).toContain(PAGE_OF_INSTALLATION(1, 304))
  expect([(await kept())?.names, Number((await kept())?.at) > Number(first?.at)]).toEqual([['service'], true])
  github.setTopics('acme/topical', [])
  await round()
  expect([(await kept())?.names, (await fixture.service.repositories.store.for(tenant.id).known()).size]).toEqual([[], 1])
})

test('a round within an hour of the last listing goes by that one, and one a day comes by itself', async () => {
  await make('daily')
  await round()
  await fixture.scans.service.run(fixture.service.tenant.id, OPERATOR)
  fixture.service.github.requests.clear()
  await fixture.scans.runDue()
  expect(fixture.service.github.requests.all().map(({ path }) => path)).toEqual(['/repos/acme/daily/git/ref/heads%2Fmain'])
  await fixture.scans.service.set(fixture.service.tenant.id, { every: 'weekly' }, OPERATOR)
  await fixture.scans.runDue()
  const next = (await status()).listing.dueAt ?? ''
  expect(new Date(next).getTime() - fixture.clock().getTime()).toBeLessThanOrEqual(DAY_MS)
  await make('later')
  fixture.advance(DAY_MS)
  await fixture.scans.runDue()
  expect(await present()).toEqual(['acme/daily', 'acme/later'])
  await fixture.scans.service.set(fixture.service.tenant.id, { every: 'off' }, OPERATOR)
  expect((await status()).listing.dueAt).toBeNull()
})

test('archived, disabled and forked ones are left out unless the setting wants them, and a known fork keeps its place', async () => {
  const { github, repositories, tenant } = fixture.service
  await make('plain')
  for (const [name, options] of [['old', {}], ['blocked', {}], ['fork', { fork: true }], ['known', { fork: true }]] as const) await make(name, options)
  github.archive('acme/old')
  github.disable('acme/blocked')
  const known = (await make('known-fork', { files: {}, fork: true })).id
  await repositories.store.for(tenant.id).ensure({ repositoryId: String(known), name: 'acme/known-fork' })
  await round()
  expect(await present()).toEqual(['acme/known-fork', 'acme/plain'])
  expect((await status()).listing).toMatchObject({ listed: 6, added: 1, removed: 0, skipped: 5 })
  await fixture.scans.service.set(tenant.id, { skip: ['archived'] }, OPERATOR)
  await round()
  expect(await present()).toEqual(['acme/blocked', 'acme/fork', 'acme/known', 'acme/known-fork', 'acme/plain'])
  await fixture.scans.service.set(tenant.id, { skip: ['archived', 'disabled', 'fork'] }, OPERATOR)
})

test('one that is archived or disabled later is left alone, told why, and looked at again when that is taken back', async () => {
  const { github, tenant } = fixture.service
  const refs = () => github.requests.all().flatMap(({ path }) => (path.includes('/git/ref/') ? [path.split('/')[3]] : []))
  for (const name of ['kept', 'shelved', 'stopped']) await make(name)
  await round()
  github.archive('acme/shelved')
  github.disable('acme/stopped')
  await round()
  expect(refs()).toEqual(['kept'])
  expect(await skipped()).toEqual(['acme/kept unchanged', 'acme/shelved skipped archived', 'acme/stopped skipped disabled'])
  expect(await fixture.scans.service.resultsSince(tenant.id, new Date(fixture.clock().getTime() - DAY_MS / 2))).toEqual({ unchanged: 1, skipped: 2 })
  // The list is what it was, and so is what it says.
  expect(await round()).toEqual([PAGE_OF_INSTALLATION(1, 304)])
  expect(refs()).toEqual(['kept'])
  await fixture.scans.service.set(tenant.id, { skip: ['archived'] }, OPERATOR)
  await round()
  expect(refs().sort()).toEqual(['kept', 'stopped'])
  await fixture.scans.service.set(tenant.id, { skip: ['archived', 'disabled', 'fork'] }, OPERATOR)
  github.unarchive('acme/shelved')
  await github.commit({ repo: 'acme/shelved', branch: 'main', message: 'back', files: { 'README.md': 'back\n' } })
  await round()
  expect(await skipped()).toEqual(['acme/kept unchanged', 'acme/shelved changed', 'acme/stopped skipped disabled'])
})

test('one that is archived is not analysed either where nobody asks for the list, and is once it is back', async () => {
  const { github, tenant } = fixture.service
  await make('shelved-alone')
  await round()
  await fixture.scans.service.set(tenant.id, { discover: false }, OPERATOR)
  github.archive('acme/shelved-alone')
  const next = fixture.assemble({ engine: 'e2' })
  for (let time = 0; time < 2; time++) {
    expect(await round(next)).toEqual(['GET /repos/acme/shelved-alone 200'])
    expect(await skipped()).toEqual(['acme/shelved-alone skipped archived'])
  }
  github.unarchive('acme/shelved-alone')
  await round(next)
  expect(await skipped()).toEqual(['acme/shelved-alone rechecked'])
  await fixture.scans.service.set(tenant.id, { discover: true }, OPERATOR)
})

test('what the installation does not list any more is marked without a further request, and comes back', async () => {
  const { github, tenant } = fixture.service
  await make('stays')
  await make('goes')
  await round()
  const selected = github.issueToken({ owner: 'acme', permissions: ALL, repositories: ['stays'] })
  await fixture.service.platform.credentials.storeGitHubToken(tenant.id, new Secret(selected), OPERATOR)
  expect(await round()).toEqual([PAGE_OF_INSTALLATION(1, 200)])
  expect(await present()).toEqual(['acme/stays'])
  expect((await status()).listing).toMatchObject({ added: 0, removed: 1 })
  await fixture.service.giveToken()
  await round()
  expect(await present()).toEqual(['acme/goes', 'acme/stays'])
})

test('a person\'s token lists the organisation\'s, and what is missing there is asked for before it is marked', async () => {
  const { github, tenant, repositories } = fixture.service
  const token = github.issueToken({ owner: 'acme', permissions: ALL, actor: 'mona' })
  await fixture.service.platform.credentials.storeGitHubToken(tenant.id, new Secret(token), OPERATOR)
  await make('first', { private: true })
  await make('second')
  const lists = (lines: readonly string[]) => lines.filter((line) => !line.includes('/repos/acme/'))
  expect(lists(await round())).toEqual(['GET /user/4242 200', 'GET /orgs/acme/repos?page=1 200'])
  expect(await present()).toEqual(['acme/first', 'acme/second'])
  github.deleteRepository('acme/second')
  // Nobody lists it, and it is there: as one that moved between two pages while they were read.
  const moved = await make('first-moved', { files: {} })
  await repositories.store.for(tenant.id).ensure({ repositoryId: String(moved.id), name: 'acme/first-moved' })
  github.hideFromLists('acme/first-moved')
  expect(await round()).toEqual(['GET /user/4242 200', 'GET /orgs/acme/repos?page=1 200', 'GET /repos/acme/second 404', 'GET /repos/acme/first-moved 200', 'GET /repos/acme/first-moved 200'])
  expect(await present()).toEqual(['acme/first', 'acme/first-moved'])
})

test('the budget stops the asking for what is missing, which goes on behind those that were asked for', async () => {
  const { github, platform, tenant, repositories, database } = fixture.service
  await platform.credentials.storeGitHubToken(tenant.id, new Secret(github.issueToken({ owner: 'acme', permissions: ALL, actor: 'mona' })), OPERATOR)
  for (const name of ['missing-a', 'missing-b', 'missing-c']) {
    const { id, fullName } = await make(name, { files: {} })
    await repositories.store.for(tenant.id).ensure({ repositoryId: String(id), name: fullName })
    github.hideFromLists(fullName)
  }
  await database.db.collection('scan-requests').deleteMany({})
  const poor = fixture.assemble({ requestsPerHour: 3 })
  expect(await round(poor)).toEqual(['GET /user/4242 200', 'GET /orgs/acme/repos?page=1 200', 'GET /repos/acme/missing-a 200'])
  fixture.advance(HOUR_MS)
  github.requests.clear()
  await poor.runDue()
  expect(github.requests.all().map(({ path }) => path)).toEqual(['/user/4242', '/repos/acme/missing-b', '/repos/acme/missing-c'])
  expect((await status()).listing).toMatchObject({ code: null, removed: 0 })
  expect(await present()).toHaveLength(3)
})

test('the budget stops a listing, which goes on behind the pages that it has', async () => {
  await makeHundred('budget')
  await make('budget-last')
  const { tenant, database } = fixture.service
  await database.db.collection('scan-requests').deleteMany({})
  const poor = fixture.assemble({ requestsPerHour: 1 })
  expect(await round(poor)).toEqual([PAGE_OF_INSTALLATION(1, 200)])
  expect((await status()).paused).toMatchObject({ code: 'SCAN_BUDGET_SPENT' })
  expect((await status()).listing).toMatchObject({ lastAt: null })
  expect(await present()).toHaveLength(100)
  fixture.advance(HOUR_MS)
  fixture.service.github.requests.clear()
  await poor.runDue()
  expect(fixture.service.github.requests.all().map(({ path, query }) => `${path} ${new URLSearchParams(query).get('page') ?? ''}`)).toEqual(['/installation/repositories 2'])
  expect(await present()).toHaveLength(101)
  expect((await status()).listing).toMatchObject({ code: null, listed: 101, removed: 0 })
  await fixture.scans.service.set(tenant.id, { every: 'off' }, OPERATOR)
})

test('a listing that fails is told, tried again, and keeps nobody from being looked at', async () => {
  const { github } = fixture.service
  await make('seen')
  await round()
  await make('unseen')
  const end = github.fault({ when: ({ path }) => path.startsWith('/installation'), respond: { kind: 'status', status: 502 } })
  await round()
  expect((await status()).listing).toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  expect(await looks()).toEqual(expect.arrayContaining(['acme/seen unchanged']))
  expect(await present()).toEqual(['acme/seen'])
  end()
  fixture.advance(5 * 60_000)
  await fixture.scans.runDue()
  expect((await status()).listing).toMatchObject({ code: null, added: 1 })
})
