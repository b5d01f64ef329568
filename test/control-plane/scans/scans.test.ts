// What a scan costs and what it leads to, counted from the gateway's log.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { SKIPPABLE } from '../../../control-plane/scans/scan-state.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import { DAY_MS, OPERATOR, startScanFixture, type Member, type ScanFixture } from './scan-fixture.ts'

let fixture: ScanFixture

beforeAll(async () => {
  fixture = await startScanFixture()
})
afterAll(() => fixture.close())
afterEach(async () => {
  fixture.service.github.calm()
  await fixture.forgetFleet()
  // No pause, and no used budget, of one test in the next.
  fixture.advance(2 * 3_600_000)
})

const analysesOf = async ({ id }: Member) => (await fixture.service.documents()).filter(({ repositoryId }) => repositoryId === id)
const push = ({ fullName }: Member, text: string) => fixture.service.github.commit({ repo: fullName, branch: 'main', message: text, files: { 'README.md': text } })
const status = () => fixture.scans.service.status(fixture.service.tenant.id)
const resultOf = async (member: Member) => (await fixture.stateOf(member)).last?.result
const refOf = ({ fullName }: Member) => `/repos/${fullName}/git/ref/heads%2Fmain`

describe('an unchanged fleet', () => {
  test('of 20 costs 20 conditional requests and no analysis', async () => {
    const fleet = await fixture.fleet('quiet', 20)
    await fixture.scanAll()
    const before = (await fixture.service.documents()).length
    expect(before).toBe(20)
    const requests = await fixture.scanAll()
    expect([...requests].sort()).toEqual(fleet.map((member) => `GET ${refOf(member)} 304`).sort())
    expect(fixture.service.github.requests.count({ conditional: true })).toBe(20)
    expect((await fixture.service.documents()).length).toBe(before)
    expect((await fixture.stateOf(fleet[0]!)).last).toMatchObject({ result: 'unchanged', code: null })
  })
})

describe('a changed repository', () => {
  test('is analysed once, as asked by a scan and without a pull request, and then unchanged', async () => {
    const [shop, other] = await fixture.fleet('changed', 2)
    await fixture.scanAll()
    const commit = await push(shop!, 'two')
    await fixture.scanAll()
    await fixture.scanAll()
    const found = (await analysesOf(shop!)).filter((each) => each.commit === commit)
    expect(found).toMatchObject([{ actor: 'scan', ref: 'refs/heads/main', options: { fixPr: 'never' } }])
    expect(await analysesOf(other!)).toHaveLength(1)
    expect(await resultOf(shop!)).toBe('unchanged')
  })

  test('is analysed at the head that it has then, also when it moves during the scan', async () => {
    const [shop] = await fixture.fleet('moving', 1)
    let last = ''
    fixture.service.github.interrupt({ when: ({ path }) => path === `/repos/${shop!.fullName}`, times: 2, run: async () => { last = await push(shop!, `moved ${last}`) } })
    await fixture.scanAll()
    expect((await analysesOf(shop!)).filter(({ state }) => state !== 'superseded').map(({ commit }) => commit)).toEqual([last])
  })

  test('does not take an analysis with it when nothing changed but what decides besides the commit', async () => {
    const [shop] = await fixture.fleet('rechecked', 1)
    await fixture.scanAll()
    const next = fixture.assemble({ engine: 'e2' })
    expect((await fixture.scanAll(next))[0]).toBe(`GET ${refOf(shop!)} 304`)
    expect(await resultOf(shop!)).toBe('rechecked')
    expect(await fixture.scanAll(next)).toHaveLength(1)
  })
})

test('two workers at once look at each repository once', async () => {
  await fixture.fleet('shared', 20)
  await fixture.scanAll()
  const [first, second] = [fixture.assemble(), fixture.assemble()]
  fixture.service.github.requests.clear()
  await first.service.run(fixture.service.tenant.id, OPERATOR)
  const looked = await Promise.all([first.runDue(), second.runDue()])
  expect(looked[0] + looked[1]).toBe(20)
  expect(fixture.service.github.requests.count({ path: /git\/ref\// })).toBe(20)
})

test('a large organisation does not keep a small one waiting', { timeout: 60_000 }, async () => {
  const { platform, tenant, github, repositories, database } = fixture.service
  // More than one look for organisations sees.
  for (let index = 0; index < 210; index++) await repositories.store.for(tenant.id).ensure({ repositoryId: `large-${index}`, name: `acme/large-${index}` })
  await github.createOwner({ login: 'small', id: 5151 })
  const small = await platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '5151', ownerName: 'small', aiEnabled: false })
  const { id, fullName } = await github.createRepository({ owner: 'small', name: 'one', files: { 'README.md': 'one\n' } })
  await repositories.store.for(small.id).ensure({ repositoryId: String(id), name: fullName })
  await platform.credentials.storeGitHubToken(small.id, new Secret(github.issueToken({ owner: 'small', permissions: { contents: 'read', metadata: 'read' } })), OPERATOR)
  await fixture.scans.service.set(small.id, { discover: false }, OPERATOR)
  await fixture.scans.service.run(tenant.id, OPERATOR)
  await fixture.scans.service.run(small.id, OPERATOR)
  github.requests.clear()
  expect(await fixture.scans.runDue()).toBe(211)
  const paths = github.requests.all().map(({ path }) => path)
  // After one turn of ten, each of which costs one request.
  expect(paths.findIndex((path) => path.startsWith('/repos/small/'))).toBe(10)
  await database.db.collection('repositories').deleteMany({ name: /^acme\/large-/ })
})

describe('the budget', () => {
  test('that is used up leaves the rest due, names itself, and goes on in the next hour', async () => {
    const fleet = await fixture.fleet('dear', 20)
    await fixture.scanAll()
    fixture.advance(2 * 3_600_000)
    const poor = fixture.assemble({ requestsPerHour: 12 })
    expect(await fixture.scanAll(poor)).toHaveLength(12)
    expect(await poor.service.status(fixture.service.tenant.id)).toMatchObject({ due: 8, paused: { code: 'SCAN_BUDGET_SPENT' }, requests: { limit: 12, used: 12 } })
    expect(await poor.runDue()).toBe(0)
    fixture.advance(3_600_000)
    expect(await poor.runDue()).toBe(8)
    expect(await Promise.all(fleet.map(resultOf))).toEqual(fleet.map(() => 'unchanged'))
    expect((await status()).paused).toBeNull()
  })

  test('of an organisation is its own wish, below that of the operator', async () => {
    const { tenant } = fixture.service
    expect((await fixture.scans.service.set(tenant.id, { every: 'off', requestsPerHour: 10 }, OPERATOR)).requests.limit).toBe(10)
    expect((await fixture.scans.service.set(tenant.id, { every: 'off', requestsPerHour: 15_000 }, OPERATOR)).requests.limit).toBe(1_000)
    expect((await fixture.scans.service.set(tenant.id, { every: 'off', requestsPerHour: null }, OPERATOR)).requests.limit).toBe(1_000)
  })

  test('does not let a change go unnoticed that it cannot pay for', async () => {
    const [shop] = await fixture.fleet('unpaid', 1)
    await fixture.scanAll()
    const commit = await push(shop!, 'two')
    fixture.advance(2 * 3_600_000)
    const poor = fixture.assemble({ requestsPerHour: 3 })
    await fixture.scanAll(poor)
    expect((await analysesOf(shop!)).map((each) => each.commit)).not.toContain(commit)
    fixture.advance(3_600_000)
    await fixture.scans.runDue()
    expect((await analysesOf(shop!)).map((each) => each.commit)).toContain(commit)
  })
})

describe('what goes wrong', () => {
  test('a repository that is gone is marked, and not asked for again for a month', async () => {
    const { repositories, tenant } = fixture.service
    await repositories.store.for(tenant.id).ensure({ repositoryId: '404404', name: 'acme/never' })
    const gone = { id: '404404', fullName: 'acme/never', commit: '' }
    await fixture.scanAll()
    expect(await fixture.stateOf(gone)).toMatchObject({ last: { result: 'gone', code: 'REPOSITORY_NOT_FOUND' } })
    fixture.advance(29 * DAY_MS)
    expect(await fixture.scans.runDue()).toBe(0)
    fixture.advance(2 * DAY_MS)
    expect(await fixture.scans.runDue()).toBe(1)
    await repositories.store.for(tenant.id).remove('404404')
  })

  test('410 is gone too', async () => {
    const [shop] = await fixture.fleet('blocked', 1)
    fixture.service.github.fault({ when: () => true, respond: { kind: 'status', status: 410 } })
    await fixture.scanAll()
    expect(await resultOf(shop!)).toBe('gone')
  })

  test('another repository that has taken the name is not taken for it', async () => {
    const { repositories, tenant } = fixture.service
    const [shop] = await fixture.fleet('stolen', 1)
    fixture.service.github.redirectFrom('acme/taken', shop!.fullName)
    await repositories.store.for(tenant.id).ensure({ repositoryId: '777', name: 'acme/taken' })
    await fixture.scanAll()
    expect((await repositories.store.for(tenant.id).get('777'))?.name).toBe('acme/taken')
    expect((await fixture.stateOf({ id: '777' })).last?.result).toBe('gone')
    expect(await resultOf(shop!)).toBe('changed')
    await repositories.store.for(tenant.id).remove('777')
  })

  test('a renamed repository is known by its new name and then costs one request', async () => {
    const { repositories, tenant, github } = fixture.service
    const [shop] = await fixture.fleet('renamed', 1)
    await fixture.scanAll()
    github.redirectFrom('acme/before', shop!.fullName)
    await repositories.store.for(tenant.id).ensure({ repositoryId: shop!.id, name: 'acme/before' })
    await fixture.scanAll()
    expect((await repositories.store.for(tenant.id).get(shop!.id))?.name).toBe(shop!.fullName)
    expect(await fixture.scanAll()).toEqual([`GET ${refOf(shop!)} 304`])
  })

  test('another default branch is followed', async () => {
    const { github } = fixture.service
    const [shop] = await fixture.fleet('switched', 1)
    await fixture.scanAll()
    const commit = await github.commit({ repo: shop!.fullName, branch: 'trunk', message: 'trunk', files: { 'README.md': 'trunk' } })
    github.setDefaultBranch(shop!.fullName, 'trunk')
    github.fault({ when: ({ path }) => path === refOf(shop!), respond: { kind: 'status', status: 404 } })
    await fixture.scanAll()
    expect(await fixture.stateOf(shop!)).toMatchObject({ branch: 'trunk', commit, last: { result: 'changed' } })
    expect(await fixture.scanAll()).toEqual([`GET /repos/${shop!.fullName}/git/ref/heads%2Ftrunk 304`])
  })

  test('an empty repository is no failure', async () => {
    const { repositories, tenant, github } = fixture.service
    const { id, fullName } = await github.createRepository({ owner: 'acme', name: 'bare', files: {} })
    await repositories.store.for(tenant.id).ensure({ repositoryId: String(id), name: fullName })
    await fixture.scanAll()
    expect((await fixture.stateOf({ id: String(id) })).last).toMatchObject({ result: 'empty', code: null })
    await repositories.store.for(tenant.id).remove(String(id))
  })

  test('a token that is revoked pauses the organisation after one request, with the reason; a new one and a run go on', async () => {
    const { github, tenant } = fixture.service
    await fixture.fleet('locked', 5)
    const token = await fixture.service.giveToken()
    github.revokeToken(token)
    expect(await fixture.scanAll()).toHaveLength(1)
    expect(await status()).toMatchObject({ due: 5, paused: { code: 'GITHUB_TOKEN_REJECTED' } })
    expect(await fixture.scans.runDue()).toBe(0)
    await fixture.service.giveToken()
    await fixture.scans.service.run(tenant.id, OPERATOR)
    expect(await fixture.scans.runDue()).toBe(5)
  })

  test('a secondary limit pauses the organisation as long as it says, and a run does not end that', async () => {
    await fixture.fleet('limited', 5)
    await fixture.scanAll()
    fixture.service.github.limit({ kind: 'secondary', seconds: 600, times: 1 })
    expect(await fixture.scanAll()).toHaveLength(1)
    expect(await status()).toMatchObject({ due: 5, paused: { code: 'GITHUB_RATE_LIMITED' } })
    expect(await fixture.scanAll()).toEqual([])
    fixture.advance(599_000)
    expect(await fixture.scans.runDue()).toBe(0)
    fixture.advance(2_000)
    expect(await fixture.scans.runDue()).toBe(5)
  })

  test('a fifth of the token\'s limit is left to everything else', async () => {
    const { github } = fixture.service
    await fixture.fleet('reserve', 5)
    await fixture.scanAll()
    const reset = Math.floor(fixture.clock().getTime() / 1000) + 900
    const told = (remaining: number) => ({ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': String(reset) })
    github.fault({ when: () => true, times: 1, respond: { kind: 'status', status: 304, headers: told(1_000), body: '' } })
    github.fault({ when: () => true, times: 1, respond: { kind: 'status', status: 304, headers: told(999), body: '' } })
    expect(await fixture.scanAll()).toHaveLength(2)
    expect(await status()).toMatchObject({ due: 3, paused: { code: 'GITHUB_RATE_LIMITED', until: new Date(reset * 1000) } })
  })

  test.each([
    ['5xx', { kind: 'status', status: 502 } as const], ['a page', { kind: 'html' } as const], ['half an answer', { kind: 'cut-off' } as const], ['nothing', { kind: 'hang' } as const],
  ])('a repository that is answered with %s comes again twice, then waits for its next time, and keeps nobody else back', async (_name, respond) => {
    const [bad, good] = await fixture.fleet(`weather-${respond.kind}`, 2)
    const end = fixture.service.github.fault({ when: ({ path }) => path.startsWith(`/repos/${bad!.fullName}`), respond })
    await fixture.scanAll()
    expect([await resultOf(bad!), await resultOf(good!)]).toEqual(['again', 'changed'])
    fixture.advance(60_000)
    await fixture.scans.runDue()
    expect(await fixture.stateOf(bad!)).toMatchObject({ attempts: 2, last: { result: 'again', code: 'GITHUB_UNAVAILABLE' } })
    fixture.advance(120_000)
    await fixture.scans.runDue()
    expect(await fixture.stateOf(bad!)).toMatchObject({ attempts: 0, dueAt: null, last: { result: 'failed' } })
    end()
    await fixture.scanAll()
    expect(await resultOf(bad!)).toBe('changed')
  })

  test('three repositories in a row without an answer pause the organisation for a while', async () => {
    await fixture.fleet('outage', 6)
    fixture.service.github.fault({ when: () => true, respond: { kind: 'close' } })
    expect(await fixture.scanAll()).toHaveLength(3)
    expect(await status()).toMatchObject({ due: 3, paused: { code: 'GITHUB_UNAVAILABLE' } })
    fixture.service.github.calm()
    fixture.advance(301_000)
    expect(await fixture.scans.runDue()).toBe(6)
  })

  test('what the token may not see of one repository fails that one only', async () => {
    const [secret, open] = await fixture.fleet('forbidden', 2)
    fixture.service.github.fault({ when: ({ path }) => path === refOf(secret!) || path === `/repos/${secret!.fullName}`, respond: { kind: 'status', status: 403, body: { message: 'Resource not accessible' } } })
    await fixture.scanAll()
    expect((await fixture.stateOf(secret!)).last).toMatchObject({ result: 'failed', code: 'GITHUB_FORBIDDEN' })
    expect(await resultOf(open!)).toBe('changed')
  })
})

describe('the schedule', () => {
  test('gives every repository a place in the interval when it is turned on, takes it away again, and says so in the audit log', async () => {
    const { tenant } = fixture.service
    const fleet = await fixture.fleet('placed', 10)
    await fixture.scans.service.set(tenant.id, { every: 'daily', requestsPerHour: null }, OPERATOR)
    const places = await Promise.all(fleet.map(async (member) => (await fixture.stateOf(member)).dueAt?.getTime() ?? 0))
    const now = fixture.clock().getTime()
    expect(places.every((at) => at > now && at <= now + DAY_MS)).toBe(true)
    expect(new Set(places).size).toBe(10)
    expect(await fixture.scans.runDue()).toBe(0)
    fixture.advance(DAY_MS)
    expect(await fixture.scans.runDue()).toBe(10)
    const next = await Promise.all(fleet.map(async (member) => (await fixture.stateOf(member)).dueAt?.getTime() ?? 0))
    expect(next.map((at, index) => (at - (places[index] ?? 0)) / DAY_MS)).toEqual(fleet.map(() => 1))
    await fixture.scans.service.set(tenant.id, { every: 'off', requestsPerHour: null }, OPERATOR)
    fixture.advance(8 * DAY_MS)
    expect(await fixture.scans.runDue()).toBe(0)
    expect(await fixture.service.audit('scans.changed')).toContainEqual(expect.objectContaining({ before: { every: 'daily', requestsPerHour: null, discover: false, skip: [...SKIPPABLE] }, after: { every: 'off', requestsPerHour: null, discover: false, skip: [...SKIPPABLE] } }))
  })

  test('finds repositories that came later, and does not look at those that were removed', async () => {
    const { tenant, repositories } = fixture.service
    await fixture.scans.service.set(tenant.id, { every: 'weekly', requestsPerHour: null }, OPERATOR)
    const [late, removed] = await fixture.fleet('late', 2)
    await repositories.store.for(tenant.id).remove(removed!.id)
    await fixture.scans.maintenance.run(new AbortController().signal)
    expect((await fixture.stateOf(late!)).dueAt).toBeInstanceOf(Date)
    fixture.advance(7 * DAY_MS)
    fixture.service.github.requests.clear()
    await fixture.scans.runDue()
    expect(await resultOf(late!)).toBe('changed')
    expect(fixture.service.github.requests.count({ path: refOf(removed!) })).toBe(0)
    await fixture.scans.service.set(tenant.id, { every: 'off', requestsPerHour: null }, OPERATOR)
  })

  test('is counted by how looks ended', async () => {
    expect(await fixture.metrics.print()).toMatch(/autodevops_scans_total\{result="unchanged"\} \d/)
  })
})

test('a workflow file in a repository is not read by a scan', async () => {
  await fixture.fleet('unread', 1)
  expect((await fixture.scanAll()).filter((request) => request.includes('/git/trees') || request.includes(CI_PATH))).toEqual([])
})
