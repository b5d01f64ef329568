// Admission, leases, retries, dead letters and the sweep, on analyses whose work is the real one or fails on purpose.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAnalysesStore } from '../../../control-plane/analyses/analyses-store.ts'
import type { AnalysesStore } from '../../../control-plane/analyses/analyses-store.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'
import { QUEUE, QUIET, startServiceFixture, submissionOf, submitAndWait, workflowRun } from '../analyses/service-fixture.ts'
import type { ServiceFixture } from '../analyses/service-fixture.ts'

let fixture: ServiceFixture
let store: AnalysesStore
const started: AnalysesModule[] = []

beforeAll(async () => {
  fixture = await startServiceFixture()
  store = createAnalysesStore({ collections: fixture.database.collections, clock: systemClock })
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ worker }) => worker.stop(2_000)))
  fixture.github.calm()
  await Promise.all(['analyses', 'jobs', 'dead-letters'].map((name) => fixture.database.db.collection(name).deleteMany({})))
})
afterAll(() => fixture.close())

async function start(changes: Parameters<ServiceFixture['assemble']>[0] = {}): Promise<AnalysesModule> {
  const module = fixture.assemble(changes)
  started.push(module)
  await module.worker.start()
  return module
}

/** Submits one analysis of each of `count` branches; nothing works on them unless a worker is started. */
async function submitMany(api: AnalysesModule, name: string, count: number) {
  const shop = await fixture.repository(name)
  const submit = async (branch: string) => {
    const principal = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName, ref: `refs/heads/${branch}` })
    const { analysis } = await api.service.submit(submissionOf({ commit: shop.commit, repository: shop.fullName, ref: `refs/heads/${branch}` }), { principal, correlationId: 'c', logger: QUIET })
    return { id: analysis.id, end: () => api.service.get(principal, analysis.id, { seconds: 25, signal: new AbortController().signal }) }
  }
  return Promise.all(Array.from({ length: count }, (_, index) => submit(`b${index}`)))
}

const own = () => store.for(fixture.tenant.id)

test('gives a job to no more than four analyses of a tenant at once, however many submit at the same moment', async () => {
  const api = fixture.assemble()
  await submitMany(api, 'four', 20)
  await Promise.all([api.sweep(), fixture.assemble().sweep(), api.sweep()])
  expect((await own().slots()).sort()).toEqual([0, 1, 2, 3])
  expect(await fixture.database.db.collection('jobs').countDocuments()).toBe(4)
  expect((await fixture.documents()).filter(({ waiting }) => waiting)).toHaveLength(16)
})

test('admits the next one when one ends, without a sweep, until all are done', async () => {
  const api = await start({ config: { github: { apiUrl: fixture.github.apiUrl, url: 'https://github.com', paces: false }, publicUrl: 'http://service.test', webhookSecrets: [], queue: { ...QUEUE, sweepMs: 600_000 } } })
  const all = await submitMany(api, 'all', 9)
  const ended = await Promise.all(all.map(({ end }) => end()))
  expect(ended.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'done'))
  expect(await own().slots()).toEqual([])
})

test('takes an analysis once when two jobs and two workers meet on it', async () => {
  const api = fixture.assemble()
  const [one] = await submitMany(api, 'twice', 1)
  const jobs = fixture.database.db.collection('jobs')
  const job = await jobs.findOne({})
  await jobs.insertOne({ ...job, _id: undefined } as never)
  await Promise.all([start(), start()])
  expect(await one?.end()).toMatchObject({ state: 'done' })
  expect(await fixture.documents()).toMatchObject([{ attempts: 1 }])
})

test('tries again with growing pauses, then writes a dead letter that can be requeued', async () => {
  const shopName = 'flaky'
  const api = await start()
  const end = fixture.github.fault({ when: ({ path }) => path.includes(`/${shopName}/git/trees`), respond: { kind: 'status', status: 502 } })
  const [one] = await submitMany(api, shopName, 1)
  expect(await one?.end()).toMatchObject({ state: 'failed', error: { code: 'GITHUB_UNAVAILABLE' } })
  expect(await fixture.documents()).toMatchObject([{ attempts: QUEUE.maxAttempts, files: null }])
  const [letter] = await api.deadLetters.list(undefined, { limit: 10 })
  expect(letter).toMatchObject({ id: one?.id, tenantId: fixture.tenant.id, code: 'GITHUB_UNAVAILABLE', attempts: QUEUE.maxAttempts })
  end()
  await api.deadLetters.requeue(fixture.tenant.id, letter?.id ?? '', { actor: 'operator', correlationId: null })
  expect(await one?.end()).toMatchObject({ state: 'done' })
  expect(await api.deadLetters.list(undefined, { limit: 10 })).toEqual([])
  await expect(api.deadLetters.requeue(fixture.tenant.id, letter?.id ?? '', { actor: 'operator', correlationId: null })).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' })
})

test('keeps the place and waits as long as the code host asks for', async () => {
  const api = await start()
  fixture.github.limit({ kind: 'secondary', seconds: 3, times: 1 })
  const before = Date.now()
  const [one] = await submitMany(api, 'limited', 1)
  expect(await one?.end()).toMatchObject({ state: 'done' })
  expect(Date.now() - before).toBeGreaterThanOrEqual(3_000)
  expect(await fixture.documents()).toMatchObject([{ attempts: 2 }])
})

test('runs an analysis again whose worker lost its lease, and lets the late one write nothing', async () => {
  const api = fixture.assemble()
  const [one] = await submitMany(api, 'leased', 1)
  const id = one?.id ?? ''
  const dead = await own().take(id, { leaseMs: 50, maxAttempts: 3 })
  const late = { id, token: dead?.lease?.token ?? '' }
  await fixture.database.db.collection('jobs').deleteMany({})
  await start()
  expect(await one?.end()).toMatchObject({ state: 'done' })
  expect(await fixture.documents()).toMatchObject([{ attempts: 2 }])
  expect(await own().extend(late, 1_000)).toBe(false)
  expect(await own().recordPush(late, { branch: 'b', from: null, opens: true, to: 'c', text: { title: 't', body: 'b' } })).toBe(false)
  expect(await own().fail(late, { code: 'INTERNAL', message: 'late' })).toBe(false)
})

test('gives an analysis up whose workers die as often as it may be tried', async () => {
  const api = fixture.assemble()
  const [one] = await submitMany(api, 'deadly', 1)
  for (let attempt = 1; attempt <= QUEUE.maxAttempts; attempt++) {
    expect(await own().take(one?.id ?? '', { leaseMs: 1, maxAttempts: QUEUE.maxAttempts })).toMatchObject({ attempts: attempt })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(await own().take(one?.id ?? '', { leaseMs: 1, maxAttempts: QUEUE.maxAttempts })).toBeNull()
  expect(await api.sweep()).toMatchObject({ givenUp: 1 })
  expect(await one?.end()).toMatchObject({ state: 'failed', error: { code: 'ATTEMPTS_EXHAUSTED' } })
  expect(await api.deadLetters.list(fixture.tenant.id, { limit: 10 })).toMatchObject([{ code: 'ATTEMPTS_EXHAUSTED' }])
})

test('finds what was accepted but never admitted, and what lost its job', async () => {
  const api = fixture.assemble()
  const [lost, unadmitted] = await submitMany(api, 'lost', 2)
  await fixture.database.db.collection('jobs').deleteMany({})
  await fixture.database.db.collection<{ _id: string }>('analyses').updateOne({ _id: unadmitted?.id ?? '' }, { $set: { state: 'submitted', waiting: true }, $unset: { slot: '' } })
  await start()
  expect(await Promise.all([lost?.end(), unadmitted?.end()])).toMatchObject([{ state: 'done' }, { state: 'done' }])
})

test('removes jobs that are done and were left behind, and no other', async () => {
  const api = fixture.assemble()
  await submitMany(api, 'left', 2)
  const jobs = fixture.database.db.collection('jobs')
  const waiting = await jobs.find().toArray()
  const times = { nextRunAt: null, lastRunAt: new Date(), lastFinishedAt: new Date() }
  const job = (analysisId: string, lockedAt: Date | null) => ({ name: 'process-analysis', type: 'normal', data: { tenantId: fixture.tenant.id, analysisId }, lockedAt, ...times })
  const { insertedIds } = await jobs.insertMany([job('done', null), job('running', new Date())])
  await api.sweep()
  const left = (await jobs.find().toArray()).map(({ _id }) => String(_id))
  expect(left.sort()).toEqual([...waiting.map(({ _id }) => String(_id)), String(insertedIds[1])].sort())
  expect(waiting).toHaveLength(2)
})

test('records once what an attempt did that died after its record', async () => {
  let deaths = 0
  const recordResult: typeof fixture.repositories.recordResult = (result) => (++deaths === 1 ? Promise.reject(new Error('the process dies')) : fixture.repositories.recordResult(result))
  const { service } = await start({ repositories: { ...fixture.repositories, recordResult } })
  const shop = await fixture.repository('recorded')
  const principal = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName })
  const ended = await submitAndWait({ service }, submissionOf({ commit: shop.commit, repository: shop.fullName }), { principal })
  expect(deaths).toBe(2)
  expect(ended.outcome?.pullRequest).toMatchObject({ state: 'opened', number: 1 })
  expect((await fixture.audit('pull-request.opened')).map(({ details }) => details)).toMatchObject([{ analysisId: ended.id }])
})

test('tells once of an update and of what a person declined, although each attempt that told died after that', async () => {
  const died = new Set<string>()
  const recordResult: typeof fixture.repositories.recordResult = (result) => {
    if (died.has(result.analysisId)) return fixture.repositories.recordResult(result)
    died.add(result.analysisId)
    return Promise.reject(new Error('the process dies'))
  }
  const { service } = await start({ repositories: { ...fixture.repositories, recordResult } })
  const shop = await fixture.repository('told')
  const analyse = async (files: Record<string, string>) => {
    const commit = await fixture.github.commit({ repo: shop.fullName, branch: 'main', message: 'work', files })
    return submitAndWait({ service }, submissionOf({ commit, repository: shop.fullName }), { principal: workflowRun(fixture.tenant, { sha: commit, repositoryId: shop.id, fullName: shop.fullName }) })
  }
  await analyse({ 'README.md': 'one\n' })
  const updated = await analyse({ [CI_PATH]: `${DRIFTED}      - run: make\n` })
  await fixture.github.closePullRequest(shop.fullName, 1)
  const declined = await analyse({ 'README.md': 'two\n' })
  for (const { id, outcome } of [updated, declined]) expect((await fixture.audit(`pull-request.${outcome?.pullRequest.state ?? ''}`)).map(({ details }) => details)).toMatchObject([{ analysisId: id, number: 1 }])
  expect([updated, declined].map(({ outcome }) => outcome?.pullRequest.state)).toEqual(['updated', 'declined'])
})

test('gives running work back when it stops, without counting the attempt', async () => {
  const api = await start()
  fixture.github.fault({ when: ({ path }) => path.includes('/slow/git/trees'), respond: { kind: 'hang' } })
  const [one] = await submitMany(api, 'slow', 1)
  while ((await own().stateOf(one?.id ?? '')) !== 'running') await new Promise((resolve) => setTimeout(resolve, 20))
  await api.worker.stop(1)
  expect(await fixture.documents()).toMatchObject([{ state: 'queued', attempts: 0, lease: null }])
  fixture.github.calm()
  await start()
  expect(await one?.end()).toMatchObject({ state: 'done' })
})

test('serves tenants in turn: a long backlog of one does not keep the other waiting', async () => {
  const other = { ...fixture.tenant, id: '99@issuer.test', ownerId: '99' }
  const api = fixture.assemble()
  await submitMany(api, 'busy', 30)
  const template = (await fixture.documents())[0]
  const { slot: _slot, tenantId: _tenant, ...rest } = template ?? ({} as never)
  await store.for(other.id).insert({ ...rest, _id: 'other', dedupeKey: 'other', state: 'submitted', waiting: true })
  await fixture.database.collections.for(other.id).collection('tenants').insertOne({ _id: other.id, issuerHost: 'issuer.test', ownerId: '99', ownerName: 'other' } as never)
  await api.sweep()
  expect(await store.for(other.id).stateOf('other')).toBe('queued')
  expect(await own().slots()).toHaveLength(4)
})

test('accepts nothing more while as many analyses wait as may, and again when they are fewer', async () => {
  const config = { github: { apiUrl: fixture.github.apiUrl, url: 'https://github.com', paces: false }, publicUrl: 'http://service.test', webhookSecrets: [], queue: { ...QUEUE, maxBacklog: 6 } }
  const full = fixture.assemble({ config })
  await submitMany(full, 'full', 10)
  const again = () => submitMany(full, `more-${Math.random().toString(36).slice(2)}`, 1).then(() => 'accepted', (error: unknown) => (error as { code?: string }).code)
  await expect.poll(again, { interval: 200, timeout: 10_000 }).toBe('BACKLOG_FULL')
  await expect(submitMany(full, 'refused', 1)).rejects.toMatchObject({ code: 'BACKLOG_FULL', retryAfterSeconds: 60, row: { status: 503 } })
  await fixture.database.db.collection('analyses').deleteMany({})
  await expect.poll(again, { interval: 200, timeout: 10_000 }).toBe('accepted')
})

test("an organisation with 500 waiting analyses does not delay another one's: it starts among the first", async () => {
  const api = fixture.assemble()
  await submitMany(api, 'many', 1)
  const [pattern] = await fixture.documents()
  if (pattern === undefined) throw new Error('nothing was submitted')
  const { slot: _slot, ...waiting } = { ...pattern, state: 'submitted' as const, waiting: true as const, enqueuedAt: null }
  const copies = Array.from({ length: 499 }, (_, n) => ({ ...waiting, _id: `${pattern._id}-${String(n).padStart(3, '0')}`, dedupeKey: `${pattern.dedupeKey}-${n}`, ref: `refs/heads/n${n}` }))
  await fixture.database.db.collection<{ _id: string }>('analyses').insertMany(copies)
  const workers = await start()
  const { platform, github } = fixture
  await github.createOwner({ login: 'beta', id: 777 })
  const beta = await platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '777', ownerName: 'beta', aiEnabled: false })
  await platform.credentials.storeGitHubToken(beta.id, new Secret(github.issueToken({ owner: 'beta', permissions: { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } })), { actor: 'operator', correlationId: null })
  const { id, fullName, commit } = await github.createRepository({ owner: 'beta', name: 'single', files: { 'README.md': 'one\n' } })
  const principal = workflowRun(beta, { sha: commit ?? '', repositoryId: String(id), fullName })
  const { analysis } = await workers.service.submit(submissionOf({ commit: commit ?? '', repository: fullName, paths: ['README.md'], files: [] }), { principal, correlationId: 'c', logger: QUIET })
  expect(await workers.service.get(principal, analysis.id, { seconds: 25, signal: new AbortController().signal })).toMatchObject({ state: 'done' })
  const begun = (await fixture.documents()).filter(({ attempts }) => attempts > 0)
  const single = await store.for(beta.id).get(analysis.id)
  expect(begun.length).toBeLessThan(50)
  if (!single?.endedAt) throw new Error('the single one did not end')
  process.stdout.write(`one analysis behind 500 of another organisation: done ${single.endedAt.getTime() - single.createdAt.getTime()} ms after its submission, ${begun.length} of the 500 begun by then\n`)
})
