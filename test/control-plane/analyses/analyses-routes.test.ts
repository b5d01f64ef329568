// POST and GET over HTTP, as the Action calls them, with real tokens.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { analysisSchema } from '../../../contract/analyses.ts'
import type { AnalysisWire } from '../../../contract/analyses.ts'
import { buildApp } from '../../../control-plane/app.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { createAuthenticate } from '../../../control-plane/auth/authenticate.ts'
import { createOidcIssuers } from '../../../control-plane/auth/oidc-issuers.ts'
import { createOidcTokens } from '../../../control-plane/auth/oidc-tokens.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import { startServiceFixture, submissionOf } from './service-fixture.ts'
import type { ServiceFixture } from './service-fixture.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'

let fixture: ServiceFixture
let service: AnalysesModule
let app: Awaited<ReturnType<typeof buildApp>>
let address: string
const stopping = new AbortController()

beforeAll(async () => {
  fixture = await startServiceFixture()
  service = fixture.assemble({ stopping: stopping.signal })
  const { apiKeys, tenants } = fixture.platform
  const oidcTokens = createOidcTokens({ issuers: createOidcIssuers({ issuers: [], fetch, clock: systemClock }), audience: 'a', tenants, clock: systemClock })
  app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: createLogger({ level: 'silent' }),
    metrics: createMetrics(), authenticate: createAuthenticate({ apiKeys, oidcTokens }), keptAnswers: keptAnswersOf(fixture.platform), readiness: [], routes: service.routes,
  })
  address = await app.listen({ host: '127.0.0.1', port: 0 })
  await service.worker.start()
})
afterAll(async () => {
  stopping.abort()
  await app.close()
  await service.worker.stop(1_000)
  await fixture.close()
})

async function keyOf(tenantId: string, scopes: readonly ('analyses:write' | 'analyses:read')[] = ['analyses:write', 'analyses:read']): Promise<string> {
  return (await fixture.platform.apiKeys.create(tenantId, { name: 'test', scopes, expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
}

const call = (key: string, path: string, body?: unknown) => fetch(`${address}/v1${path}`, {
  method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})
const read = async (response: Response): Promise<AnalysisWire> => analysisSchema.parse(await response.json())

test('answers 202 with a location, 200 to the same again, and the outcome to who waits', async () => {
  const shop = await fixture.repository('routes')
  const key = await keyOf(fixture.tenant.id)
  const submission = submissionOf({ commit: shop.commit, repository: shop.fullName })
  const first = await call(key, '/analyses', submission)
  const analysis = await read(first)
  expect([first.status, first.headers.get('location')]).toEqual([202, `/v1/analyses/${analysis.id}`])
  const second = await call(key, '/analyses', submission)
  expect([second.status, (await read(second)).id]).toEqual([200, analysis.id])
  expect(await read(await call(key, `/analyses/${analysis.id}?wait=30`))).toMatchObject({
    state: 'done', url: `http://service.test/v1/analyses/${analysis.id}`, outcome: { files: [{ path: CI_PATH }], pullRequest: { number: 1 } },
  })
})

test('answers 404 for ids of other tenants and for what is no id', async () => {
  const shop = await fixture.repository('private-matters')
  const { id } = await read(await call(await keyOf(fixture.tenant.id), '/analyses', submissionOf({ commit: shop.commit, repository: shop.fullName })))
  const stranger = await fixture.platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '777', ownerName: 'rival', aiEnabled: false })
  const key = await keyOf(stranger.id)
  for (const asked of [id, 'nothing', '%00', '..%2f..']) {
    const response = await call(key, `/analyses/${asked}`)
    expect([response.status, ((await response.json()) as { code: string }).code], asked).toEqual([404, 'ANALYSIS_NOT_FOUND'])
  }
})

test('asks for the scope, and refuses bodies and waits that are not as documented', async () => {
  const reader = await keyOf(fixture.tenant.id, ['analyses:read'])
  const submission = submissionOf({ commit: 'a'.repeat(40) })
  expect((await call(reader, '/analyses', submission)).status).toBe(403)
  const key = await keyOf(fixture.tenant.id)
  for (const broken of [{ ...submission, commit: 'main' }, { ...submission, more: 1 }, { ...submission, files: [{ path: '../x', text: '' }] }, []]) {
    expect((await call(key, '/analyses', broken)).status).toBe(400)
  }
  expect((await call(key, '/analyses/x?wait=61')).status).toBe(400)
})

test('ends a wait at once when the service begins to stop', async () => {
  const shop = await fixture.repository('waiting')
  const key = await keyOf(fixture.tenant.id)
  const end = fixture.github.fault({ when: ({ path }) => path.includes('/waiting/git/trees'), respond: { kind: 'hang' } })
  const { id } = await read(await call(key, '/analyses', submissionOf({ commit: shop.commit, repository: shop.fullName })))
  const waiting = call(key, `/analyses/${id}?wait=60`)
  await expect.poll(async () => (await read(await call(key, `/analyses/${id}`))).state).toBe('running')
  stopping.abort()
  expect(await read(await waiting)).toMatchObject({ id, endedAt: null })
  end()
})
