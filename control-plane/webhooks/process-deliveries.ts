// Turns accepted deliveries into work. Nothing goes by the order in which they came, or by what they say is newest: for each branch
// and pull request that is named, the code host's own head is analysed. So a hundred deliveries of a branch are one question.
import { randomUUID } from 'node:crypto'
import { WEBHOOK_ACTOR } from '../analyses/analyses-service.ts'
import type { SubmitHead } from '../analyses/submit-head.ts'
import type { Clock } from '../clock.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import { AppError, hasCode } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { PullRequestsModule } from '../pull-requests/assemble-pull-requests.ts'
import { retryDelayMs } from '../queue/retry-delay.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { inSpan, type Tracing } from '../tracing/tracing.ts'
import type { DeliveriesStore, DeliveryDocument } from './deliveries-store.ts'
import type { WebhookWork } from './webhook-event.ts'

export interface DeliveryParts {
  readonly deliveries: DeliveriesStore
  readonly tenants: Pick<TenantsStore, 'get' | 'create'>
  readonly repositories: RepositoriesStore
  readonly submitHead: SubmitHead
  readonly pullRequests: Pick<PullRequestsModule, 'obey' | 'noticeClosed' | 'openWaiting'>
  readonly credentials: Pick<CredentialsService, 'forgetGitHubToken'>
  readonly issuerHost: string
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'webhookDeliveriesProcessed'>
  readonly tracing: Pick<Tracing, 'begin'>
  readonly settings: { readonly leaseMs: number; readonly maxAttempts: number; readonly retryBaseMs: number }
}

const AT_ONCE = 1_000

/** Takes what is due, works it off, and answers with how many deliveries are done. Any number of processes may do so at once. */
export async function processDeliveries(parts: DeliveryParts): Promise<number> {
  const { deliveries, clock, settings } = parts
  const byTenant = groupBy(await deliveries.due(AT_ONCE), ({ tenantId }) => tenantId)
  let done = 0
  for (const [tenantId, due] of byTenant) {
    const claim = { token: randomUUID(), until: new Date(clock().getTime() + settings.leaseMs) }
    const claimed = await deliveries.for(tenantId).claim(due.map(({ _id }) => _id), claim)
    for (const group of groupBy(claimed, ({ work }) => keyOf(work)).values()) done += await processGroup(parts, tenantId, group)
  }
  return done
}

/** As Map.groupBy, which Node 20 does not have. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = key(item)
    groups.set(name, [...(groups.get(name) ?? []), item])
  }
  return groups
}

function keyOf(work: WebhookWork): string {
  if (work.kind === 'branch') return JSON.stringify([work.repository.id, work.branch])
  return work.kind === 'pull-request' ? JSON.stringify([work.repository.id, work.number]) : randomUUID()
}

async function processGroup(parts: DeliveryParts, tenantId: string, group: readonly DeliveryDocument[]): Promise<number> {
  const [first] = group
  if (first === undefined) return 0
  const attributes = { 'autodevops.tenant_id': tenantId, 'autodevops.correlation_id': first.deliveryId, 'autodevops.deliveries': group.length }
  const options = { name: 'webhook deliveries', kind: 'consumer', parent: first.traceparent ?? null, attributes } as const
  const ids = group.map(({ _id }) => _id)
  const outcome = await inSpan(parts.tracing, options, (span) => process(parts, first).then(() => 'done' as const, (error: unknown) => {
    span.fail(error)
    return failed(parts, first, { error, ids })
  }))
  if (outcome !== 'again') await parts.deliveries.for(tenantId).done(ids)
  parts.metrics.webhookDeliveriesProcessed.inc({ outcome }, ids.length)
  return outcome === 'again' ? 0 : ids.length
}

/** Tries again later what may pass, while there are attempts left. */
async function failed({ deliveries, logger, clock, settings }: DeliveryParts, { tenantId, deliveryId, attempts }: DeliveryDocument, { error: thrown, ids }: { error: unknown; ids: readonly string[] }): Promise<'again' | 'given-up'> {
  const error = fromCodeHostError(thrown)
  const isPassing = !(error instanceof AppError) || error.row.retry
  if (!isPassing || attempts >= settings.maxAttempts) {
    logger[isPassing ? 'error' : 'warn']({ err: error, tenantId, deliveryId }, 'webhook deliveries were given up')
    return 'given-up'
  }
  const delayMs = retryDelayMs(attempts, { baseMs: settings.retryBaseMs, retryAfterSeconds: error instanceof AppError ? error.retryAfterSeconds : undefined })
  await deliveries.for(tenantId).postpone(ids, new Date(clock().getTime() + delayMs))
  logger.warn({ err: error, tenantId, deliveryId, delayMs }, 'webhook deliveries are tried again')
  return 'again'
}

async function process(parts: DeliveryParts, { _id: id, tenantId, ownerId, deliveryId, receivedAt, work }: DeliveryDocument): Promise<void> {
  if (work.kind === 'repositories') return changeRepositories(parts, { tenantId, ownerId, work })
  if ((await parts.tenants.get(tenantId)) === null) throw new AppError('TENANT_UNKNOWN', { detail: `owner id ${ownerId}` })
  if (work.kind === 'fix-closed') {
    await parts.pullRequests.noticeClosed(tenantId, work.repository.id)
    return void (await parts.pullRequests.openWaiting(tenantId))
  }
  if (work.kind === 'command') return parts.pullRequests.obey({ tenantId, ...work, id, at: receivedAt, correlationId: deliveryId })
  const subject = work.kind === 'branch' ? { branch: work.branch } : { number: work.number }
  await parts.submitHead({ tenantId, repository: work.repository, actor: WEBHOOK_ACTOR, correlationId: deliveryId, ...subject })
}

interface RepositoriesChange {
  readonly tenantId: string
  readonly ownerId: string
  readonly work: Extract<WebhookWork, { readonly kind: 'repositories' }>
}

async function changeRepositories({ tenants, repositories, credentials, issuerHost }: DeliveryParts, { tenantId, ownerId, work }: RepositoriesChange): Promise<void> {
  // A token from before knows neither the new repositories nor that its installation is gone.
  credentials.forgetGitHubToken(tenantId)
  if (work.isNewOwner) {
    await tenants.create({ issuerHost, ownerId, ownerName: work.ownerName, aiEnabled: false }).catch((error: unknown) => { if (!hasCode(error, 'TENANT_EXISTS')) throw error })
  }
  const own = repositories.for(tenantId)
  for (const { id, name } of work.added) await own.ensure({ repositoryId: id, name })
  for (const { id } of work.removed) await own.remove(id)
}
