// Counts what scans ask of the code host, by organisation and hour of UTC. A request is counted before it is made: one that a death
// prevents stays counted, and none is ever made uncounted.
import { HOUR_MS, type Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface HourDocument extends TenantDocument {
  readonly requests: number
  readonly beganAt: Date
}

export interface ScanRequestsStore {
  for(tenantId: string): {
    /** Counts so many requests of this hour, or none of them when they are more than the limit leaves. */
    take(count: number, limit: number): Promise<boolean>
    usedThisHour(): Promise<number>
  }
}

const COLLECTION = 'scan-requests'
const KEPT_S = 48 * 3_600

export const scanRequestsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { beganAt: 1 }, expireAfterSeconds: KEPT_S }] }

const hourOf = (time: Date): Date => new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS)

export const nextHour = (time: Date): Date => new Date(hourOf(time).getTime() + HOUR_MS)

/** The organisation's own wish, which cannot exceed the operator's limit. */
export const requestLimit = (wished: number | null, most: number): number => Math.min(wished ?? most, most)

export function createScanRequestsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): ScanRequestsStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<HourDocument>(COLLECTION)
      const idOf = (beganAt: Date): string => `${tenantId}|${beganAt.toISOString()}`
      return {
        take: async (count, limit) => {
          if (count > limit) return false
          const beganAt = hourOf(clock())
          // An hour that has no room does not match, and cannot be inserted a second time.
          return unlessDuplicate(own.updateOne({ _id: idOf(beganAt), requests: { $lte: limit - count } }, { $inc: { requests: count }, $setOnInsert: { beganAt } }, { upsert: true }))
        },
        usedThisHour: async () => (await own.findOne({ _id: idOf(hourOf(clock())) }))?.requests ?? 0,
      }
    },
  }
}
