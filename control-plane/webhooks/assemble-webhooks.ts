// Puts webhooks/ together for main.ts and for tests: the route for the API, the loop for the worker.
import type { FastifyInstance } from 'fastify'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { GithubApp } from '../credentials/github-app.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { MaintenanceTask } from '../operations/maintenance.ts'
import type { Metrics } from '../operations/metrics.ts'
import { setQueue } from '../operations/set-queue.ts'
import type { Secret } from '../secret.ts'
import { NO_TRACING, type Tracing } from '../tracing/tracing.ts'
import { createDeliveriesStore, deliveriesIndexes } from './deliveries-store.ts'
import { processDeliveries, type DeliveryParts } from './process-deliveries.ts'
import { createReconcileTask } from './reconcile-deliveries.ts'
import { createReconcileStore } from './reconcile-store.ts'
import { createWebhooksRoutes } from './webhooks-routes.ts'
import { createWebhooksService } from './webhooks-service.ts'

export const webhooksModuleIndexes: readonly CollectionIndexes[] = [deliveriesIndexes]

export interface WebhooksModule {
  /** None without a secret: nothing unsigned is ever accepted. */
  readonly routes: readonly ((scope: FastifyInstance) => void)[]
  readonly worker: { start(): void; stop(): Promise<void> }
  /** None without an App: there is nobody to ask what did not arrive. */
  readonly tasks: readonly MaintenanceTask[]
}

interface Parts extends Omit<DeliveryParts, 'deliveries' | 'metrics' | 'tracing'> {
  readonly metrics: Metrics
  /** Left out: no traces are kept. */
  readonly tracing?: Tracing
  readonly collections: TenantCollections
  readonly secrets: readonly Secret[]
  readonly githubApp: Pick<GithubApp, 'client'> | null
  readonly settings: DeliveryParts['settings'] & { readonly pollMs: number }
}

/** Nothing is counted further than this. */
const MOST_COUNTED = 20_000

export function assembleWebhooks(parts: Parts): WebhooksModule {
  const { collections, secrets, githubApp, issuerHost, logger, settings, metrics, clock, tracing = NO_TRACING } = parts
  const deliveries = createDeliveriesStore(parts)
  const setWaiting = (since: readonly Date[] | null): void => setQueue(metrics, { queue: 'webhooks', since, now: clock() })
  metrics.lookUp({ look: async () => setWaiting(await deliveries.pendingSince(MOST_COUNTED)), clear: () => setWaiting(null) })
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | null = null
  const work = (): void => {
    working ??= processDeliveries({ ...parts, deliveries, tracing })
      .then(() => undefined, (error: unknown) => logger.warn({ err: error }, 'webhook deliveries could not be worked off and are tried again'))
      .finally(() => (working = null))
  }
  return {
    routes: secrets.length === 0 ? [] : [createWebhooksRoutes({ service: createWebhooksService({ deliveries, secrets, issuerHost, metrics, tracing }) })],
    tasks: githubApp === null || secrets.length === 0 ? [] : [createReconcileTask({ client: () => githubApp.client(), deliveries, state: createReconcileStore(collections), issuerHost, clock, logger })],
    worker: {
      start: () => {
        timer = setInterval(work, settings.pollMs)
      },
      stop: async () => {
        clearInterval(timer)
        await working
      },
    },
  }
}
