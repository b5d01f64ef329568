// Quotas as they are stored: limits, thresholds for warnings, and an override that ends by itself.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { Limits } from './counters-store.ts'
import { quotaIdsFor, type Subject } from './subjects.ts'

export interface Override {
  /** Replaces all limits of the quota until then. */
  readonly limits: Limits
  readonly reason: string
  readonly until: Date
  readonly by: string
}

export interface Quota {
  /** See subjects.ts. */
  readonly id: string
  readonly limits: Limits
  /** Of a limit, ascending. */
  readonly warnAtPercent: readonly number[]
  readonly override: Override | null
}

interface QuotaDocument extends TenantDocument, Omit<Quota, 'id'> {
  readonly quotaId: string
  readonly updatedAt: Date
}

export interface QuotasStore {
  for(tenantId: string): {
    get(id: string): Promise<Quota | null>
    /** The quota that holds for a subject: its own, else the one for all of its kind. */
    holdingFor(subject: Subject): Promise<Quota | null>
    list(page: Page): Promise<Quota[]>
    put(quota: Quota): Promise<void>
    remove(id: string): Promise<boolean>
  }
}

const COLLECTION = 'quotas'

const NO_LIMIT = { requests: null, tokens: null, costMicroUsd: null }
export const NO_LIMITS: Limits = { day: NO_LIMIT, month: NO_LIMIT }

/** What holds now: an override whose end has come holds no more. */
export const limitsAt = (quota: Quota | null, now: Date): Limits =>
  quota === null ? NO_LIMITS : quota.override !== null && quota.override.until > now ? quota.override.limits : quota.limits

export function createQuotasStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): QuotasStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<QuotaDocument>(COLLECTION)
      const key = (id: string) => `${tenantId}|${id}`
      return {
        get: async (id) => {
          const found = await own.findOne({ _id: key(id) })
          return found === null ? null : toQuota(found)
        },
        holdingFor: async (subject) => {
          const ids = quotaIdsFor(subject)
          const found = await own.find({ _id: { $in: ids.map(key) } }, { limit: ids.length })
          const nearest = found.find(({ quotaId }) => quotaId === ids[0]) ?? found[0]
          return nearest === undefined ? null : toQuota(nearest)
        },
        list: async ({ after, limit }) => (await own.page({}, { after: after === undefined ? undefined : key(after), limit })).map(toQuota),
        put: async ({ id, ...quota }) => {
          await own.updateOne({ _id: key(id) }, { $set: { quotaId: id, ...quota, updatedAt: clock() } }, { upsert: true })
        },
        remove: async (id) => (await own.deleteOne({ _id: key(id) })).deletedCount === 1,
      }
    },
  }
}

const toQuota = ({ quotaId: id, limits, warnAtPercent, override }: QuotaDocument): Quota => ({ id, limits, warnAtPercent, override })
