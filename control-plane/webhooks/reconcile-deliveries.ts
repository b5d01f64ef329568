// Asks GitHub once a day which deliveries did not arrive, and takes them from there: GitHub tells no service twice by itself. A delivery
// is known by its guid, so what arrived after all, or is fetched by two processes, is worked on once.
// https://docs.github.com/rest/apps/webhooks (2026-11-30): deliveries are kept for three days.
import type { GithubClient } from '../../pull-request/client.ts'
import { HOUR_MS, type Clock } from '../clock.ts'
import type { Logger } from '../logging.ts'
import type { MaintenanceTask } from '../operations/maintenance.ts'
import { tenantIdOf } from '../tenants/tenants-store.ts'
import type { DeliveriesStore } from './deliveries-store.ts'
import type { ReconcileStore } from './reconcile-store.ts'
import { readWebhookEvent, type WebhookEvent } from './webhook-event.ts'

interface Parts {
  /** Speaks as the App itself. */
  readonly client: () => Promise<GithubClient>
  readonly deliveries: DeliveriesStore
  readonly state: ReconcileStore
  readonly issuerHost: string
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
}

const EVERY_MS = 24 * HOUR_MS
const KEPT_MS = 72 * HOUR_MS
/** A delivery that GitHub still tries, or whose clock is another one. */
const OVERLAP_MS = HOUR_MS
const PER_PAGE = 100

export function createReconcileTask(parts: Parts): MaintenanceTask {
  const { state, clock } = parts
  return {
    name: 'reconcile-webhooks',
    run: async (signal) => {
      const begin = clock()
      const last = await state.begin({ now: begin, retryAt: new Date(begin.getTime() + HOUR_MS) })
      if (last === null) return { fetched: 0 }
      const since = new Date(Math.max(begin.getTime() - KEPT_MS, (last.reachedTo?.getTime() ?? 0) - OVERLAP_MS))
      const fetched = await fetchMissed(parts, since, signal)
      // A run that was cut begins at the same place again.
      if (!signal.aborted) await state.end({ reachedTo: begin, nextAt: new Date(begin.getTime() + EVERY_MS) })
      return { fetched }
    },
  }
}

async function fetchMissed(parts: Parts, since: Date, signal: AbortSignal): Promise<number> {
  const client = await parts.client()
  let fetched = 0
  for (const [guid, id] of await listMissed(client, since, signal)) {
    if (signal.aborted) break
    if (await fetchOne(parts, client, { guid, id })) fetched++
  }
  return fetched
}

/** Guid to the id of an attempt, of deliveries of which no attempt succeeded; oldest first. */
async function listMissed(client: GithubClient, since: Date, signal: AbortSignal): Promise<readonly (readonly [string, number])[]> {
  const [arrived, failed] = [new Set<string>(), new Map<string, number>()]
  for await (const { data } of client.paginate.iterator(client.rest.apps.listWebhookDeliveries, { per_page: PER_PAGE })) {
    for (const { guid, id, status_code: status, delivered_at: at } of data) {
      if (new Date(at) < since) continue
      if (status >= 200 && status < 300) arrived.add(guid)
      else failed.set(guid, id)
    }
    const oldest = data.at(-1)
    if (signal.aborted || oldest === undefined || new Date(oldest.delivered_at) < since) break
  }
  return [...failed].filter(([guid]) => !arrived.has(guid)).reverse()
}

async function fetchOne({ deliveries, issuerHost, logger }: Parts, client: GithubClient, { guid, id }: { readonly guid: string; readonly id: number }): Promise<boolean> {
  const { data } = await client.rest.apps.getWebhookDelivery({ delivery_id: id })
  const read = readPayload(data.event, data.request.payload)
  if (read === 'malformed') logger.warn({ deliveryId: guid, event: data.event }, 'a missed delivery is not as GitHub documents it, and is left out')
  if (read === null || read === 'malformed') return false
  return deliveries.for(tenantIdOf(issuerHost, read.ownerId)).add({ deliveryId: guid, ...read })
}

function readPayload(event: string, payload: unknown): WebhookEvent | null | 'malformed' {
  try {
    return readWebhookEvent(event, payload)
  } catch {
    return 'malformed'
  }
}
