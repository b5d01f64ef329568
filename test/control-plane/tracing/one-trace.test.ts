// An analysis over HTTP, through the queue, to its pull request: one trace, and nothing in it that is anybody's secret or text.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysisWire } from '../../../contract/analyses.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { observeGithub } from '../../../control-plane/github/observe-github.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import type { Tracing } from '../../../control-plane/tracing/tracing.ts'
import { answerHonestly } from '../../model-server/answer-honestly.ts'
import { startModelServer, type ModelServer } from '../../model-server/start-model-server.ts'
import type { ReceivedSpan } from '../../otlp-collector/read-spans.ts'
import { startCollector, type Collector } from '../../otlp-collector/start-collector.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import { WORKFLOW } from '../ai/advice-fixture.ts'
import { aiConfig, startAi } from '../ai/ai-fixture.ts'
import { startServiceFixture, submissionOf, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'
import { pathOf, traceTo } from './traced.ts'

const TEXT = WORKFLOW.replace('name: Lint', 'name: canary-of-a-workflow')
const CALLER = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }

let [collector, fixture, models, tracing, service, app] = [] as unknown as [Collector, ServiceFixture, ModelServer, Tracing, AnalysesModule, ServiceApp]
let [token, key] = ['', '']
let ended: AnalysisWire
let spans: readonly ReceivedSpan[]

beforeAll(async () => {
  collector = await startCollector()
  fixture = await startServiceFixture()
  models = await startModelServer(answerHonestly)
  tracing = await traceTo(collector.endpoint)
  const metrics = createMetrics()
  const { platform, database, github, tenant } = fixture
  const ai = startAi({ ...platform, collections: database.collections, clock: systemClock }, aiConfig(models), { tracing, metrics })
  await ai.settings.set(tenant.id, { explain: true, fix: true, summarise: true }, { actor: 'operator', correlationId: null })
  const githubFetch = observeGithub({ fetch, github: { apiUrl: github.apiUrl, url: 'https://github.com' }, metrics, tracing })
  service = fixture.assemble({ advisor: ai.advisor, tracing, metrics, fetch: githubFetch })
  app = await startServiceApp(fixture, service.routes, [], { tracing, metrics })
  token = await fixture.giveToken()
  key = await app.keyOf(tenant.id, ['analyses:write', 'analyses:read'])
  await service.worker.start()

  const { fullName: repository, commit } = await fixture.repository('canary-shop', { 'README.md': 'a shop\n', [CI_PATH]: TEXT })
  github.requests.clear()
  const submission = submissionOf({ commit, repository, files: [{ path: CI_PATH, text: TEXT }], options: { profile: 'pedantic', fixPr: 'all' } })
  const headers = { traceparent: `00-${CALLER.trace}-${CALLER.span}-01`, 'x-correlation-id': 'run-4711-of-a-test' }
  const { body: { id } } = await app.call<AnalysisWire>(key, '/analyses', { method: 'POST', body: submission, headers })
  ended = (await app.call<AnalysisWire>(key, `/analyses/${id}?wait=30`)).body
  await app.call(key, '/nothing/canary-of-an-address')
  await service.worker.stop(1_000)
  await app.close()
  await tracing.stop()
  spans = collector.spans
})
afterAll(async () => {
  await Promise.all([collector.close(), models.close(), fixture.close()])
})

const ofCaller = () => spans.filter(({ traceId }) => traceId === CALLER.trace)
const pathsOf = (name: RegExp) => ofCaller().filter((span) => name.test(span.name)).map((span) => pathOf(span, spans).join(' > '))

test('the analysis went as it goes without traces', () => {
  expect(ended).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'opened' }, advice: { state: 'done' } } })
})

test("goes on with the caller's trace, from the request through the job to the pull request and the models", () => {
  const [request] = ofCaller().filter(({ name }) => name === 'POST /v1/analyses')
  expect(request).toMatchObject({ parentId: CALLER.span, kind: 'server', failed: false, attributes: {
    'http.request.method': 'POST', 'http.route': '/v1/analyses', 'http.response.status_code': 202, 'autodevops.correlation_id': 'run-4711-of-a-test', 'autodevops.tenant_id': fixture.tenant.id,
  }, resource: { 'service.name': 'autodevops-test', 'deployment.environment.name': 'test' } })
  expect(pathsOf(/^analysis attempt$/)).toEqual(['POST /v1/analyses > analysis attempt'])
  expect(ofCaller().find(({ name }) => name === 'analysis attempt')).toMatchObject({ kind: 'consumer', attributes: { 'autodevops.analysis.id': ended.id, 'autodevops.attempt': 1, 'autodevops.attempt.end': 'done', 'autodevops.correlation_id': 'run-4711-of-a-test' } })
  const below = 'POST /v1/analyses > analysis attempt > analysis'
  expect(pathsOf(/git\/trees/)).toContain(`${below} read > GET /repos/{}/{}/git/trees/{}`)
  expect(pathsOf(/^POST .*pulls/)).toEqual([`${below} pullRequest > POST /repos/{}/{}/pulls`])
  const chats = pathsOf(/^chat /)
  expect(chats).toHaveLength(ended.outcome?.advice?.calls ?? 0)
  for (const chat of chats) expect(chat).toMatch(/^POST \/v1\/analyses > analysis attempt > analysis advice > chat \S+$/)
})

test('has one span for each request that GitHub got, under what asked for it', () => {
  const asked = spans.filter(({ attributes }) => 'url.template' in attributes)
  expect(asked.length).toBe(fixture.github.requests.all().length)
  expect(asked.length).toBeGreaterThan(8)
  for (const span of asked) expect(pathOf(span, spans)[0], span.name).toBe('POST /v1/analyses')
})

test('names neither addresses that nobody registered nor what is no part of the API', () => {
  expect(spans.filter(({ kind }) => kind === 'server').map(({ name }) => name).sort()).toEqual(['GET /v1/analyses/:id', 'POST /v1/analyses'])
})

test('sends what a caller or a repository wrote to nobody, and secrets least of all', () => {
  const sent = Buffer.concat(collector.requests.map(({ body }) => body)).toString('latin1')
  expect(sent).toContain('POST /v1/analyses')
  for (const canary of [token, key, 'key-for-tests', 'collector-secret', 'canary', 'acme', CI_PATH, 'autodevops/fix-', ended.commit]) expect([canary, sent.includes(canary)]).toEqual([canary, false])
  expect(new Set(collector.requests.map(({ url, headers }) => `${url} ${headers['content-type'] ?? ''} ${String(headers['x-collector-key'])}`))).toEqual(new Set(['/v1/traces application/x-protobuf collector-secret']))
})
