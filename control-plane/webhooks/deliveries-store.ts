// Deliveries as they were accepted: each id once, kept until its work is done and then as the memory of what came already.
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { newId } from '../database/new-id.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { WebhookWork } from './webhook-event.ts'

export interface DeliveryDocument extends TenantDocument {
  /** GitHub's id of the delivery; a redelivery has the same. */
  readonly deliveryId: string
  readonly ownerId: string
  readonly work: WebhookWork
  /** The span of the request that brought it, as W3C Trace Context; absent where no traces are kept. */
  readonly traceparent?: string
  readonly receivedAt: Date
  /** Absent once the work is done or given up. */
  readonly pending?: true
  /** Who works on it, and until when nobody else takes it. */
  readonly claim: { readonly token: string; readonly until: Date } | null
  readonly attempts: number
}

export interface DeliveriesStore {
  /** Of all tenants: those that wait, or whose worker has not been heard of. */
  due(limit: number): Promise<DeliveryDocument[]>
  /** Of all tenants: when those came that are not done yet. */
  pendingSince(limit: number): Promise<Date[]>
  for(tenantId: string): {
    /** False for a delivery that came before. */
    add(delivery: Pick<DeliveryDocument, 'deliveryId' | 'ownerId' | 'work' | 'traceparent'>): Promise<boolean>
    /** Those of them that nobody else has taken. */
    claim(ids: readonly string[], claim: NonNullable<DeliveryDocument['claim']>): Promise<DeliveryDocument[]>
    done(ids: readonly string[]): Promise<void>
    /** Takes them up again at this time. */
    postpone(ids: readonly string[], until: Date): Promise<void>
  }
}

const COLLECTION = 'webhook-deliveries'
/** GitHub redelivers for three days; a longer memory costs little. */
const KEPT_S = 30 * 24 * 3600

export const deliveriesIndexes: CollectionIndexes = {
  collection: COLLECTION,
  indexes: [{ key: { tenantId: 1, deliveryId: 1 }, unique: true }, { key: { pending: 1 } }, { key: { 'claim.token': 1 } }, { key: { receivedAt: 1 }, expireAfterSeconds: KEPT_S }],
}

export function createDeliveriesStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): DeliveriesStore {
  const free = () => ({ pending: true as const, $or: [{ claim: null }, { 'claim.until': { $lt: clock() } }] })
  return {
    due: (limit) => collections.acrossTenants<DeliveryDocument>(COLLECTION).find(free(), { limit }),
    pendingSince: async (limit) => (await collections.acrossTenants<DeliveryDocument>(COLLECTION).find({ pending: true }, { limit, projection: { receivedAt: 1 } })).map(({ receivedAt }) => receivedAt),
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<DeliveryDocument>(COLLECTION)
      return {
        add: (delivery) => {
          const now = clock()
          return unlessDuplicate(own.insertOne({ _id: newId(now), ...delivery, receivedAt: now, pending: true, claim: null, attempts: 0 }))
        },
        claim: async (ids, claim) => {
          await own.updateMany({ _id: { $in: [...ids] }, ...free() }, { $set: { claim }, $inc: { attempts: 1 } })
          return own.find({ 'claim.token': claim.token }, { limit: ids.length })
        },
        done: async (ids) => {
          await own.updateMany({ _id: { $in: [...ids] } }, { $set: { claim: null }, $unset: { pending: '' } })
        },
        postpone: async (ids, until) => {
          await own.updateMany({ _id: { $in: [...ids] } }, { $set: { 'claim.until': until } })
        },
      }
    },
  }
}
