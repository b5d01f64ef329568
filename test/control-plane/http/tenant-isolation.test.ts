// Walks every route of the OpenAPI document with the ids of another tenant: it must look as if nothing were there.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../../control-plane/app.ts'
import { createAuthenticate } from '../../../control-plane/auth/authenticate.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { QUIET, startServiceFixture, submissionOf, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'

let fixture: ServiceFixture
let app: FastifyInstance
let address: string
let analysisId: string
let keys: { ours: string; theirs: string }

beforeAll(async () => {
  fixture = await startServiceFixture()
  const { platform, tenant } = fixture
  const { routes, service } = fixture.assemble()
  const createKey = async (tenantId: string) =>
    (await platform.apiKeys.create(tenantId, { name: 'test', scopes: ['admin'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
  keys = { ours: await createKey(tenant.id), theirs: await createKey('9@elsewhere.test') }
  const { commit, id } = await fixture.repository('shop')
  const principal = workflowRun(tenant, { sha: commit, repositoryId: id })
  analysisId = (await service.submit(submissionOf({ commit }), { principal, correlationId: 'isolation', logger: QUIET })).analysis.id
  app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(),
    logger: createLogger({ level: 'silent' }), metrics: createMetrics(), keptAnswers: keptAnswersOf(platform), readiness: [], routes,
    authenticate: createAuthenticate({ apiKeys: platform.apiKeys, oidcTokens: { verify: () => Promise.reject(new AppError('TOKEN_ISSUER')) } }),
  })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await fixture.close()
})

test('every route with an id answers 404 to another tenant, and finds it for its own', async () => {
  const { paths } = (await (await fetch(`${address}/docs/json`)).json()) as { paths: Record<string, Record<string, unknown>> }
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })))
  const withId = routes.filter(({ path }) => path.includes('{'))
  expect(withId.length).toBeGreaterThan(0)
  for (const { path, method } of withId) {
    const call = (key: string) => fetch(`${address}${path.replaceAll(/\{\w+\}/g, analysisId)}`, { method: method.toUpperCase(), headers: { authorization: `Bearer ${key}` } })
    expect([method, path, (await call(keys.theirs)).status]).toEqual([method, path, 404])
    expect([method, path, (await call(keys.ours)).ok]).toEqual([method, path, true])
  }
})
