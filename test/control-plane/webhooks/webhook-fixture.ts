// The service with webhooks: signed deliveries over HTTP, a worker for them, and one for the analyses.
import { createHmac, randomUUID } from 'node:crypto'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { createSubmitHead } from '../../../control-plane/analyses/submit-head.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics, type Metrics } from '../../../control-plane/operations/metrics.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { assemblePullRequests, type PullRequestsModule } from '../../../control-plane/pull-requests/assemble-pull-requests.ts'
import { NO_TRACING, type Tracing } from '../../../control-plane/tracing/tracing.ts'
import { assembleWebhooks, webhooksModuleIndexes, type WebhooksModule } from '../../../control-plane/webhooks/assemble-webhooks.ts'
import { QUEUE, startServiceFixture, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

export const SECRETS = ['new-secret', 'old-secret'] as const

export interface Delivery {
  readonly event: string
  readonly payload: unknown
  readonly id?: string
  readonly secret?: string
  /** Sent in place of the right one. */
  readonly signature?: string
}

export interface WebhookFixture {
  readonly service: ServiceFixture
  readonly app: ServiceApp
  readonly analyses: AnalysesModule
  readonly webhooks: WebhooksModule
  readonly pullRequests: PullRequestsModule
  /** Tenants whose cached installation token was dropped. */
  readonly forgotten: readonly string[]
  /** Another process. */
  assemble(): WebhooksModule
  deliver(delivery: Delivery): Promise<{ readonly status: number; readonly body: { readonly state?: string; readonly code?: string } }>
  pending(): Promise<number>
  close(): Promise<void>
}

interface Observation {
  readonly tracing?: Tracing
  readonly metrics?: Metrics
  /** How GitHub is reached. */
  readonly observe?: (github: { readonly apiUrl: string; readonly url: string }) => typeof fetch
}

export async function startWebhookFixture({ tracing = NO_TRACING, metrics = createMetrics(), observe = () => fetch }: Observation = {}): Promise<WebhookFixture> {
  const service = await startServiceFixture()
  const { platform, database, tenant } = service
  await ensureIndexes(database.db, webhooksModuleIndexes)
  const analyses = service.assemble({ tracing, metrics, fetch: observe({ apiUrl: service.github.apiUrl, url: 'https://github.com' }) })
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void service.logs.push(line) } })
  const forgotten: string[] = []
  const submitHead = createSubmitHead({ ...platform, analyses: analyses.service, clientOf: analyses.clientOf, logger })
  const pullRequests = assemblePullRequests({ ...platform, clientOf: analyses.clientOf, policies: service.repositories.policies, submitHead, clock: systemClock, logger })
  const assemble = () => assembleWebhooks({
    ...platform, pullRequests, submitHead, credentials: { forgetGitHubToken: (tenantId) => void forgotten.push(tenantId) }, repositories: service.repositories.store, secrets: SECRETS.map((secret) => new Secret(secret)), githubApp: null, issuerHost: tenant.issuerHost, clock: systemClock, logger,
    metrics, tracing, settings: { ...QUEUE, pollMs: 100 },
  })
  const webhooks = assemble()
  const app = await startServiceApp(service, [...analyses.routes, ...pullRequests.routes], webhooks.routes, { tracing, metrics })
  return {
    service, app, analyses, webhooks, pullRequests, forgotten, assemble,
    deliver: async ({ event, payload, id = randomUUID(), secret = SECRETS[0], signature }) => {
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
      const signed = signature ?? `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      const response = await fetch(`${app.address}/v1/webhooks/github`, {
        method: 'POST', body, headers: { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': signed },
      })
      return { status: response.status, body: (await response.json()) as { state?: string; code?: string } }
    },
    pending: () => database.db.collection('webhook-deliveries').countDocuments({ pending: true }),
    close: async () => {
      await app.close()
      await webhooks.worker.stop()
      await analyses.worker.stop(1_000)
      await service.close()
    },
  }
}

interface Known { readonly fullName: string; readonly id: string }

const repositoryOf = ({ fullName, id }: Known, ownerId: number) => ({ id: Number(id), full_name: fullName, owner: { id: ownerId, login: fullName.split('/')[0] } })

export const pushPayload = (repository: Known, ownerId: number, { branch, after }: { readonly branch: string; readonly after: string }) =>
  ({ ref: `refs/heads/${branch}`, after, deleted: false, repository: repositoryOf(repository, ownerId) })

export const pullRequestPayload = (repository: Known, ownerId: number, { action, number }: { readonly action: string; readonly number: number }) =>
  ({ action, number, repository: repositoryOf(repository, ownerId) })

export const closedFixPayload = (repository: Known, ownerId: number, number: number) =>
  ({ action: 'closed', number, repository: repositoryOf(repository, ownerId), pull_request: { head: { ref: 'autodevops/fix-main' } } })

export const commentPayload = (repository: Known, ownerId: number, { number, body, by }: { readonly number: number; readonly body: string; readonly by: string }) =>
  ({ action: 'created', repository: repositoryOf(repository, ownerId), issue: { number, pull_request: {} }, comment: { body, user: { login: by } } })
