// The accepted state of a repository over HTTP: accepted with a reason, and what changed since, read from an emulated GitHub.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { createClientOf, createConnectTenant } from '../../../control-plane/github/tenant-client.ts'
import { assembleBaselines, baselinesModuleIndexes } from '../../../control-plane/baselines/assemble-baselines.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

const JANE = { name: 'Jane', email: 'jane@example.com' }
const workflow = ({ permissions = '{}', uses = `actions/checkout@${'1'.repeat(40)}` } = {}) =>
  `on: push\npermissions: ${permissions}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - uses: ${uses}\n`
const WIDER = workflow({ permissions: 'write-all' })
const DAY_MS = 86_400_000

let fixture: ServiceFixture
let service: AnalysesModule
let app: ServiceApp
let offsetMs = 0
let keys: Record<'admin' | 'reader' | 'stranger', string>
let count = 0
const forgotten: string[] = []

beforeAll(async () => {
  fixture = await startServiceFixture()
  await ensureIndexes(fixture.database.db, baselinesModuleIndexes)
  service = fixture.assemble()
  const baselines = assembleBaselines({
    ...fixture.platform, repositories: fixture.repositories.store, clock: () => new Date(Date.now() + offsetMs), stopping: new AbortController().signal,
    clientOf: createClientOf(createConnectTenant({
      credentials: { ...fixture.platform.credentials, forgetGitHubToken: (tenantId) => void forgotten.push(tenantId) }, github: { apiUrl: fixture.github.apiUrl, userAgent: 'autodevops/test', requestTimeoutMs: 2_000, pace: false },
    })),
  })
  app = await startServiceApp(fixture, [baselines.routes, ...fixture.repositories.routes])
  keys = { admin: await app.keyOf(fixture.tenant.id, ['admin']), reader: await app.keyOf(fixture.tenant.id, ['analyses:read', 'audit:read']), stranger: await app.keyOf('9@elsewhere.test', ['admin']) }
  await service.worker.start()
})
afterEach(async () => {
  offsetMs = 0
  fixture.github.calm()
  await fixture.giveToken()
})
afterAll(async () => {
  await app.close()
  await service.worker.stop(1_000)
  await fixture.close()
})

interface Shop { readonly fullName: string; readonly id: string; readonly commit: string }
interface Accepted { readonly version: number; readonly commit: string; readonly by: string; readonly reason: string; readonly code?: string; readonly detail?: string }
interface Drift {
  readonly code?: string
  readonly detail?: string
  readonly commit: string
  readonly accepted: Accepted & { readonly ageDays: number }
  readonly changes: readonly { readonly path: string; readonly kind: string; readonly origin: { readonly commit: string; readonly author: string; readonly ageDays: number } | null }[]
}

const analyse = ({ fullName, id }: Shop, commit: string) =>
  submitAndWait(service, submissionOf({ commit, repository: fullName, files: [], options: { profile: 'regular', fixPr: 'never' } }), { principal: workflowRun(fixture.tenant, { sha: commit, repositoryId: id, fullName }) })
const push = ({ fullName }: Shop, text: string, more: Readonly<Record<string, string | null>> = {}) => fixture.github.commit({ repo: fullName, branch: 'main', message: 'change', files: { [CI_PATH]: text, ...more }, author: JANE })
/** A repository whose first commit was analysed. */
async function analysed(text = workflow()): Promise<Shop> {
  const shop = await fixture.repository(`baseline-${++count}`, { 'README.md': 'a shop\n', [CI_PATH]: text })
  await analyse(shop, shop.commit)
  return shop
}
/** The commit of a push that was analysed. */
async function pushed(shop: Shop, text: string, more: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const commit = await push(shop, text, more)
  await analyse(shop, commit)
  fixture.github.requests.clear()
  return commit
}
const accept = ({ id }: Shop, body: object, { tag, key = keys.admin }: { readonly tag?: string; readonly key?: string } = {}) =>
  app.call<Accepted>(key, `/repositories/${id}/baseline`, { method: 'PUT', body, headers: tag === undefined ? {} : { 'if-match': tag } })
const current = ({ id }: Shop) => app.call<{ readonly accepted: Accepted | null }>(keys.reader, `/repositories/${id}/baseline`)
const drift = ({ id }: Shop, key = keys.reader) => app.call<Drift>(key, `/repositories/${id}/baseline/drift`)
const requests = () => fixture.github.requests.count({})

describe('accepting', () => {
  test('takes the newest analysed commit, without asking the code host, and keeps who, when and why', async () => {
    const shop = await analysed()
    fixture.github.requests.clear()
    expect(await current(shop)).toMatchObject({ status: 200, body: { accepted: null } })
    expect((await current(shop)).headers.get('etag')).toBe('"0"')
    const { status, body, headers } = await accept(shop, { reason: ' audited in November ' })
    expect([status, body, headers.get('etag'), requests()]).toMatchObject([200, { version: 1, commit: shop.commit, reason: 'audited in November', by: expect.stringMatching(/^api-key:/) as string }, '"1"', 0])
    expect((await current(shop)).body.accepted).toEqual(body)
  })

  test('keeps what was accepted before, and writes both into the audit log', async () => {
    const shop = await analysed()
    await accept(shop, { reason: 'first' })
    const second = await pushed(shop, WIDER)
    await accept(shop, { reason: 'second' }, { tag: '"1"' })
    const list = (query: string) => app.call<{ readonly items: Accepted[]; readonly next: string | null }>(keys.reader, `/repositories/${shop.id}/baseline/versions?${query}`)
    const first = await list('limit=1')
    expect([first.body.items.map(({ reason }) => reason), first.body.next]).toEqual([['first'], '1'])
    expect((await list('after=1')).body).toMatchObject({ items: [{ version: 2, commit: second, reason: 'second' }], next: null })
    const entries = (await fixture.audit('baseline.accepted')).filter(({ subject }) => subject === shop.fullName)
    expect(entries).toMatchObject([{ before: null, after: { version: 1, commit: shop.commit, reason: 'first' } }, { before: { version: 1, commit: shop.commit, reason: 'first' }, after: { version: 2, commit: second, reason: 'second' } }])
  })

  test('lets one of two people win who start from the same state', async () => {
    const shop = await analysed()
    const first = await Promise.all(['a', 'b', 'c'].map((reason) => accept(shop, { reason })))
    expect(first.map(({ status }) => status).sort()).toEqual([200, 412, 412])
    for (const tag of [undefined, '"0"', '"7"', '1', 'W/"1"', '*']) {
      const { status, body } = await accept(shop, { reason: 'late' }, tag === undefined ? {} : { tag })
      expect([tag, status, body.code]).toEqual([tag, 412, 'BASELINE_CHANGED'])
    }
    expect((await accept(shop, { reason: 'next' }, { tag: '"1"' })).body.version).toBe(2)
  })

  test('takes another commit of the default branch by its id, and no other', async () => {
    const shop = await analysed()
    const between = await push(shop, WIDER)
    await pushed(shop, workflow())
    expect((await accept(shop, { reason: 'x', commit: between })).body).toMatchObject({ version: 1, commit: between })
    const elsewhere = await fixture.github.commit({ repo: shop.fullName, branch: 'next', message: 'ahead', files: { 'README.md': 'y' } })
    for (const commit of [await fixture.github.commitOfFork(shop.fullName, shop.commit), elsewhere, 'f'.repeat(40)]) {
      const { status, body } = await accept(shop, { reason: 'x', commit }, { tag: '"1"' })
      expect([status, body.code, body.detail]).toEqual([404, 'COMMIT_NOT_FOUND', `${commit} is no commit of main`])
    }
    expect((await current(shop)).body.accepted?.version).toBe(1)
  })

  test('refuses reasons that say nothing, commits that are none, weaker credentials and other organisations', async () => {
    const shop = await analysed()
    for (const body of [{}, { reason: '' }, { reason: ' \n\t' }, { reason: 'x'.repeat(1_001) }, { reason: 7 }, { reason: { $gt: '' } }, { reason: 'x', commit: 'main' }, { reason: 'x', commit: 'A'.repeat(40) }, { reason: 'x', other: 1 }]) {
      expect([body, (await accept(shop, body)).status]).toEqual([body, 400])
    }
    expect((await accept(shop, { reason: 'x' }, { key: keys.reader })).status).toBe(403)
    expect((await accept(shop, { reason: 'x' }, { key: keys.stranger })).body.code).toBe('REPOSITORY_NOT_FOUND')
    expect((await drift(shop, keys.stranger)).body.code).toBe('REPOSITORY_NOT_FOUND')
    expect((await current(shop)).body.accepted).toBe(null)
  })

  test('says that nothing was analysed, and that nothing was accepted', async () => {
    const fresh = { id: '77', fullName: 'acme/fresh', commit: '' }
    await fixture.repositories.store.for(fixture.tenant.id).ensure({ repositoryId: fresh.id, name: fresh.fullName })
    expect((await accept(fresh, { reason: 'x' })).body).toMatchObject({ code: 'COMMIT_NOT_FOUND', detail: 'no analysis of the default branch has ended yet' })
    expect(await drift(fresh)).toMatchObject({ status: 404, body: { code: 'BASELINE_NOT_FOUND' } })
  })
})

describe('the drift since then', () => {
  test('says what changed, by which commit, whose and how old, and is read once for the same two commits', async () => {
    const shop = await analysed()
    await accept(shop, { reason: 'audited' })
    fixture.github.requests.clear()
    expect([(await drift(shop)).body.changes, requests()]).toEqual([[], 0])
    const wider = await push(shop, WIDER)
    const looser = await pushed(shop, workflow({ permissions: 'write-all', uses: 'actions/checkout@main' }), { '.github/workflows/a.yml': workflow() })
    offsetMs = 3 * DAY_MS
    const { status, body } = await drift(shop)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      accepted: { version: 1, commit: shop.commit, reason: 'audited', ageDays: 3 }, commit: looser, unlisted: 0, notChecked: [],
      changes: [
        { path: CI_PATH, start: { line: 2 }, kind: 'weakened', severity: 'high', place: 'permissions', text: "the token may do more: 'write-all'", origin: { commit: wider, author: 'Jane', ageDays: 3 } },
        { kind: 'weakened', severity: 'high', place: 'jobs.test.steps.actions/checkout.uses', origin: { commit: looser, author: 'Jane', ageDays: 3 } },
        { path: '.github/workflows/a.yml', start: { line: 1 }, kind: 'extra', severity: 'info', place: '', text: 'the workflow is added', origin: { commit: looser, author: 'Jane', ageDays: 3 } },
      ],
    })
    expect(requests()).toBe(10)
    fixture.github.requests.clear()
    expect([(await drift(shop)).body, requests()]).toEqual([body, 0])
    await pushed(shop, workflow(), { '.github/workflows/a.yml': null })
    expect((await drift(shop)).body.changes).toEqual([])
    expect(requests()).toBe(3)
  })

  test('asks once for many who read it at the same time', async () => {
    const shop = await analysed()
    await accept(shop, { reason: 'x' })
    await pushed(shop, WIDER)
    const answers = await Promise.all(Array.from({ length: 4 }, () => drift(shop)))
    expect(answers.map(({ status, body }) => [status, body.changes.length])).toEqual(Array.from({ length: 4 }, () => [200, 1]))
    expect(requests()).toBe(7)
  })

  test('says which commit is gone, and goes on from another accepted state', async () => {
    const shop = await analysed()
    await accept(shop, { reason: 'x' })
    const second = await pushed(shop, WIDER)
    const without = (commit: string) => fixture.github.fault({ when: ({ path }) => path.endsWith(`/git/trees/${commit}`), respond: { kind: 'status', status: 404, body: { message: 'Not Found' } } })
    const back = without(second)
    expect((await drift(shop)).body).toMatchObject({ code: 'COMMIT_NOT_FOUND', detail: expect.stringContaining(`the commit ${second}, analysed last, is not at the code host any more`) as string })
    back()
    without(shop.commit)
    expect(await drift(shop)).toMatchObject({ status: 404, body: { code: 'COMMIT_NOT_FOUND', detail: `the accepted commit ${shop.commit} is not at the code host any more; accept another state` } })
    expect((await current(shop)).body.accepted).toMatchObject({ version: 1, commit: shop.commit })
    await accept(shop, { reason: 'rewritten' }, { tag: '"1"' })
    expect(await drift(shop)).toMatchObject({ status: 200, body: { accepted: { version: 2 }, changes: [] } })
  })

  test('says what the code host lacks or refuses, loses nothing and leaks no token', async () => {
    const shop = await analysed()
    await accept(shop, { reason: 'x' })
    await pushed(shop, WIDER)
    const { github, platform, tenant } = fixture
    const token = await fixture.giveToken({ metadata: 'read' })
    const refused = async (status: number, code: string) => {
      const answer = await drift(shop)
      expect(answer).toMatchObject({ status, body: { code } })
      expect(JSON.stringify(answer.body)).not.toContain(token)
      return answer
    }
    github.fault({ when: ({ rest }) => rest.startsWith('git/trees'), respond: { kind: 'status', status: 403, body: { message: 'Resource not accessible by integration' } } })
    await refused(409, 'GITHUB_FORBIDDEN')
    github.calm()
    github.fault({ when: ({ rest }) => rest.startsWith('commits'), respond: { kind: 'status', status: 403, headers: { 'retry-after': '40' }, body: { message: 'You have exceeded a secondary rate limit' } } })
    expect((await refused(503, 'GITHUB_RATE_LIMITED')).headers.get('retry-after')).toBe('40')
    github.calm()
    github.fault({ when: () => true, respond: { kind: 'html' } })
    await refused(502, 'GITHUB_UNAVAILABLE')
    github.calm()
    github.fault({ when: ({ rest }) => rest === '', respond: { kind: 'status', status: 404, body: { message: 'Not Found' } } })
    await refused(404, 'REPOSITORY_NOT_FOUND')
    github.calm()
    await platform.credentials.storeGitHubToken(tenant.id, new Secret('ghp_revoked'), { actor: 'operator', correlationId: null })
    expect(forgotten).toEqual([])
    await refused(409, 'GITHUB_TOKEN_REJECTED')
    expect(forgotten).toEqual([tenant.id])
    await platform.collections.for(tenant.id).collection('credentials').deleteMany({})
    await refused(409, 'GITHUB_TOKEN_MISSING')
    await fixture.giveToken()
    expect((await drift(shop)).body.changes).toHaveLength(1)
  })
})
