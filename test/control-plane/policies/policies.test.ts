// The organisation's policy over HTTP: versions, entity tags, and the preview of the next one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { previewPolicy } from '../../../control-plane/policies/preview-policy.ts'
import { readPolicyText } from '../../../control-plane/policies/read-policy-text.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'
import { submissionOf, submitAndWait, startServiceFixture, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

let fixture: ServiceFixture
let app: ServiceApp
let admin: string

beforeAll(async () => {
  fixture = await startServiceFixture()
  app = await startServiceApp(fixture, fixture.repositories.routes)
  admin = await app.keyOf(fixture.tenant.id, ['admin'])
})
afterAll(async () => {
  await app.close()
  await fixture.close()
})

interface PolicyAnswer { readonly version: number; readonly text: string; readonly code?: string; readonly detail?: string }
const put = (text: string, ifMatch: string | null, key = admin) =>
  app.call<PolicyAnswer>(key, '/policy', { method: 'PUT', body: { text, reason: 'because' }, headers: ifMatch === null ? {} : { 'if-match': ifMatch } })

test('begins at version 0, and answers 304 to who knows the newest', async () => {
  const first = await app.call<PolicyAnswer>(admin, '/policy')
  expect([first.body.version, first.headers.get('etag')]).toEqual([0, '"0"'])
  const written = await put('profile: pedantic\n', '"0"')
  expect([written.status, written.body.version, written.headers.get('etag')]).toEqual([200, 1, '"1"'])
  expect((await app.call(admin, '/policy', { headers: { 'if-none-match': '"1"' } })).status).toBe(304)
  expect((await app.call(admin, '/policy', { headers: { 'if-none-match': '"0"' } })).status).toBe(200)
  expect(await fixture.audit('policy.changed')).toMatchObject([{ details: { before: '', after: 'profile: pedantic\n', reason: 'because' } }])
})

test('of two authors who start from the same version one wins', async () => {
  const { headers } = await app.call(admin, '/policy')
  const answers = await Promise.all(['cooldown-days: 3\n', 'cooldown-days: 4\n'].map((text) => put(text, headers.get('etag'))))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  expect((await put('profile: regular\n', null)).body.code).toBe('POLICY_CHANGED')
  const { body } = await app.call<{ items: PolicyAnswer[]; next: string | null }>(admin, '/policy/versions?limit=1&after=1')
  expect([body.items.map(({ version }) => version), body.next]).toEqual([[2], '2'])
})

test('refuses what is no policy, with the line and the reason, and weaker credentials', async () => {
  const { headers } = await app.call(admin, '/policy')
  for (const text of ['profile: loose\n', 'a: [', 'rules:\n  unpinned-action: of\n']) expect((await put(text, headers.get('etag'))).body, text).toMatchObject({ code: 'POLICY_INVALID', detail: expect.stringContaining('line ') as string })
  const reader = await app.keyOf(fixture.tenant.id, ['analyses:read'])
  expect((await put('profile: regular\n', headers.get('etag'), reader)).status).toBe(403)
  const stranger = await app.keyOf('9@elsewhere.test', ['analyses:read'])
  expect((await app.call<PolicyAnswer>(stranger, '/policy')).body.version).toBe(0)
})

test('previews for which repositories a golden workflow is meant, by names and topics, and of which nobody knows', async () => {
  const own = fixture.repositories.store.for(fixture.tenant.id)
  const topics = { 'golden-a': ['service', 'go'], 'golden-b': ['library'], 'golden-c': null, 'golden-gone': ['service'] }
  for (const [id, names] of Object.entries(topics)) {
    await own.ensure({ repositoryId: id, name: `acme/${id}` })
    if (names !== null) await own.setTopics(id, names)
  }
  await own.remove('golden-gone')
  const text = 'golden:\n  workflows:\n    - { file: golden/service.yml, topic: Service }\n    - { file: golden/b.yml, repository: acme/*-b }\n    - { file: golden/node.yml, topic: library, stack: node }\n'
  const { golden } = (await app.call<{ golden: unknown }>(admin, '/policy/preview', { method: 'POST', body: { text } })).body
  const [byTopic, byFiles] = ["the repository's topics are not known here", "the repository's files are not known here"]
  expect(golden).toEqual([
    { file: 'golden/service.yml', repositories: ['acme/golden-a'], unknown: [{ name: 'acme/golden-c', reason: byTopic }] },
    { file: 'golden/b.yml', repositories: ['acme/golden-b'], unknown: [] },
    { file: 'golden/node.yml', repositories: [], unknown: [{ name: 'acme/golden-b', reason: byFiles }, { name: 'acme/golden-c', reason: byFiles }] },
  ])
  for (const id of Object.keys(topics)) await own.remove(id)
})

test('a run is told the topics of its repository, under an entity tag of its own, as they are known', async () => {
  const own = fixture.repositories.store.for(fixture.tenant.id)
  await own.ensure({ repositoryId: '77', name: 'acme/told' })
  const run = workflowRun(fixture.tenant, { sha: '0'.repeat(40), repositoryId: '77', fullName: 'acme/told' })
  const runs = await startServiceApp(fixture, fixture.repositories.routes, [], { authenticate: () => Promise.resolve({ principal: run, cookie: null }) })
  const ask = async (etag = '') => {
    const { status, headers, body } = await runs.call<{ readonly topics?: readonly string[] } | null>('x', '/policy', { headers: { 'if-none-match': etag } })
    return { status, etag: headers.get('etag') ?? '', topics: body?.topics }
  }
  const unknown = await ask()
  expect(unknown).toMatchObject({ status: 200, topics: undefined })
  await own.setTopics('77', ['service'])
  const told = await ask(unknown.etag)
  expect(told).toMatchObject({ status: 200, topics: ['service'] })
  expect((await ask(told.etag)).status).toBe(304)
  await own.setTopics('77', [])
  expect(await ask(told.etag)).toMatchObject({ status: 200, topics: [] })
  expect((await app.call<{ readonly topics?: unknown }>(admin, '/policy')).body.topics).toBeUndefined()
  await runs.close()
  await own.remove('77')
})

test('previews which repositories would turn red, from stored findings, and names what those do not show', async () => {
  const service = fixture.assemble()
  await service.worker.start()
  const shop = await fixture.repository('preview')
  const principal = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName })
  const { outcome } = await submitAndWait(service, submissionOf({ commit: shop.commit, repository: shop.fullName, options: { profile: 'regular', fixPr: 'never' } }), { principal })
  await service.worker.stop(1_000)
  const rules = [...new Set(outcome?.findings.map(({ ruleId }) => ruleId))]
  const [first = ''] = rules
  const preview = async (text: string, failOn: string) => (await app.call<{ basis: string; repositories: { name: string; after: number }[]; notConsidered: string[] }>(admin, '/policy/preview', { method: 'POST', body: { text, failOn } })).body
  const everything = (severity: string) => `rules:\n${rules.map((rule) => `  ${rule}: ${severity}\n`).join('')}`
  expect((await preview(everything('off'), 'low')).repositories).toEqual([])
  const isRedNow = outcome?.findings.some(({ severity }) => severity === 'high')
  const red = await preview(`profile: auditor\nrules:\n  ${first}: high\n`, 'high')
  expect(red.repositories.map(({ name }) => name)).toEqual(isRedNow ? [] : ['acme/preview'])
  expect(red).toMatchObject({ basis: 'stored findings', notConsidered: expect.arrayContaining(['profile']) as string[] })
  expect((await app.call<PolicyAnswer>(admin, '/policy')).body.version).toBe(2)
})

test.each([
  ['a rule that was off', 'rules: { missing-timeout: off }', 'profile: regular', ['rules.missing-timeout']],
  ['a severity that was set', 'rules: { missing-timeout: high }', 'rules: {}', ['rules.missing-timeout']],
  ['a suppression less', "suppressions: [{ rule: missing-timeout, path: a.yml, by: me, reason: so }]", 'profile: regular', ['suppressions']],
  ['fewer ignored paths', 'ignore-paths: [vendor/**]', 'profile: regular', ['ignoredPaths']],
  ['golden workflows', 'profile: regular', 'golden: { workflows: [{ file: golden/ci.yml }] }', ['golden']],
  ['the same in other words', 'rules: { missing-timeout: high }', 'rules:\n  missing-timeout: high\n', []],
])('a preview names what stored findings do not show: %s', (_what, current, draft, expected) => {
  const [before, after] = [current, draft].map((text) => readPolicyText(text, '2026-11-24'))
  expect(previewPolicy({ findings: [], current: before ?? DEFAULT_POLICY, draft: after ?? DEFAULT_POLICY, failOn: 'high', today: '2026-11-24' }).notConsidered).toEqual(expected)
})

test('the next analysis runs under the policy, is another one than before, and says what the repository may not loosen', async () => {
  const service = fixture.assemble()
  await service.worker.start()
  const shop = await fixture.repository('governed', { [CI_PATH]: DRIFTED, '.github/autodevops.yml': 'rules: { retired-runner-image: off }\n' })
  const analyse = () => submitAndWait(service, submissionOf({ commit: shop.commit, repository: shop.fullName, options: { profile: 'regular', fixPr: 'never' } }), {
    principal: workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName }),
  })
  const before = await analyse()
  expect(before.outcome?.findings.map(({ ruleId }) => ruleId)).not.toContain('retired-runner-image')
  const { headers } = await app.call(admin, '/policy')
  await put('rules: { retired-runner-image: high }\n', headers.get('etag'))
  const after = await analyse()
  await service.worker.stop(1_000)
  expect(after.id).not.toBe(before.id)
  expect(after.outcome?.findings.map(({ ruleId, severity }) => `${ruleId} ${severity}`)).toContain('retired-runner-image high')
  const told = after.outcome?.findings.filter(({ ruleId }) => ruleId === 'forbidden-loosening')
  expect(told).toMatchObject([{ path: '.github/autodevops.yml', start: { line: 1 }, message: expect.stringContaining("'rules.retired-runner-image' is looser") as string }])
})
