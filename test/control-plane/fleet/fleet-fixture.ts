// An organisation whose repositories were analysed: the engine's own results, recorded as the worker records them, behind real HTTP.
import { analyse } from '../../../analysis/analyse.ts'
import { outcomeOf } from '../../../control-plane/analyses/analysis-outcome.ts'
import { buildApp } from '../../../control-plane/app.ts'
import { newId } from '../../../control-plane/database/new-id.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { assembleFleet } from '../../../control-plane/fleet/assemble-fleet.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { createFixPullRequestsStore } from '../../../control-plane/pull-requests/fix-pull-requests-store.ts'
import { createPullRequestsService } from '../../../control-plane/pull-requests/pull-requests-service.ts'
import { assembleRepositories, repositoriesModuleIndexes } from '../../../control-plane/repositories/assemble-repositories.ts'
import { fleetFactsOf } from '../../../control-plane/repositories/fleet-facts.ts'
import { inputOf } from '../../analysis/engine-input.ts'
import { expectDeclared, type OpenApiDocument } from '../http/declared-answers.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'
import { startPlatform } from '../platform-fixture.ts'

export const PUBLIC_URL = 'http://service.test'
/** Facts have dates, so the clock goes from here. */
const BEGIN = '2026-12-01T08:00:00Z'
export const DAY_MS = 86_400_000
const NO_ADVICE = { state: 'off', reason: null, models: [], calls: 0, cached: 0, summary: null, explanations: [], fixes: [], dropped: { texts: 0, fixes: 0 } } as const

export type Fleet = Awaited<ReturnType<typeof startFleet>>

export async function startFleet() {
  const platform = await startPlatform()
  await ensureIndexes(platform.database.db, repositoriesModuleIndexes)
  platform.advance(Date.parse(BEGIN) - platform.clock().getTime())
  const repositories = assembleRepositories(platform)
  const createTenant = (ownerName: string, ownerId: string) => platform.tenants.create({ issuerHost: 'issuer.test', ownerId, ownerName, aiEnabled: false })
  const [acme, rival] = [await createTenant('acme', '4242'), await createTenant('rival', '777')]
  const pullRequestsStore = createFixPullRequestsStore(platform)
  const pullRequests = createPullRequestsService({ store: pullRequestsStore, policies: repositories.policies, clock: platform.clock })
  const app = await buildApp({
    config: { publicUrl: PUBLIC_URL, trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: platform.logger, metrics: createMetrics(),
    authenticate: platform.authenticate, keptAnswers: keptAnswersOf(platform), readiness: [], routes: assembleFleet({ ...platform, repositories: repositories.store, pullRequests, publicUrl: PUBLIC_URL }).routes,
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const document = (await (await fetch(`${address}/docs/json`)).json()) as OpenApiDocument
  const keyOf = async (tenantId: string, scope: 'admin' | 'analyses:read') =>
    (await platform.apiKeys.create(tenantId, { name: 'test', scopes: [scope], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
  const keys = { admin: await keyOf(acme.id, 'admin'), reader: await keyOf(acme.id, 'analyses:read'), stranger: await keyOf(rival.id, 'admin') }
  return {
    platform, acme, rival, address, store: repositories.store, pullRequests: pullRequestsStore,
    /** Analyses these workflows (name to text) now, as a commit of the default branch of `acme/NAME`. */
    record: async (name: string, workflows: Readonly<Record<string, string>>, tenant = acme) => {
      const input = inputOf(Object.entries(workflows).map(([file, text]) => ({ path: `.github/workflows/${file}.yml`, text })), { today: platform.clock().toISOString().slice(0, 10) })
      const result = analyse(input)
      const outcome = outcomeOf({ result, replacedTexts: [], notChecked: [], pullRequest: { state: 'none', number: null, url: null, reason: null }, advised: { advice: { ...NO_ADVICE, models: [], explanations: [], fixes: [] }, tokens: 0, costMicroUsd: 0 } })
      // Ids order across milliseconds only, and the order is which analysis is the newer one.
      platform.advance(10)
      await repositories.recordResult({
        tenantId: tenant.id, repositoryId: name, repository: `${tenant.ownerName}/${name}`, commit: 'c'.repeat(40), analysisId: newId(platform.clock()), at: platform.clock(), defaultBranch: 'main', topics: null, correlationId: 'c', outcome, fleet: fleetFactsOf(input, result),
      })
      return result
    },
    /** Throws for an answer that the OpenAPI document does not declare. */
    call: async (path: string, { as = 'reader', ...init }: RequestInit & { readonly as?: keyof typeof keys | 'nobody' } = {}) => {
      const response = await fetch(`${address}/v1${path}`, { ...init, headers: { ...(as === 'nobody' ? {} : { authorization: `Bearer ${keys[as]}` }), ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) } })
      const contentType = response.headers.get('content-type')
      const code = contentType?.includes('problem+json') === true ? ((await response.clone().json()) as { code: string }).code : null
      expectDeclared(document, { method: init.method ?? 'GET', url: response.url }, { status: response.status, contentType, code })
      return response
    },
    close: async () => {
      await app.close()
      await platform.close()
    },
  }
}

export const workflow = (uses: string, { image = 'ubuntu-24.04', more = '' } = {}) =>
  `name: CI\non: push\npermissions: {}\njobs:\n  test:\n    runs-on: ${image}\n    timeout-minutes: 5\n    steps:\n      - uses: ${uses}\n${more}`
