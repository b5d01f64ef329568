// When the code host is next asked which repositories an organisation has, who asks now, and what it answered last, page by page: an
// answer that has not changed is not sent again, so what it said has to be known here.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Filter, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { ErrorCode } from '../errors.ts'
import type { Skippable } from './scan-state.ts'

/** One repository of a listing, with what decides about it. */
export interface KeptRepository {
  readonly id: string
  /** owner/name */
  readonly name: string
  /** What the settings say is left out, and it is. */
  readonly skippedAs: Skippable | null
}

export interface KeptPage {
  readonly etag: string | null
  readonly repositories: readonly KeptRepository[]
  readonly hasNext: boolean
  /** How many the whole list has; null where the code host does not say so. */
  readonly total: number | null
}

/** Of the last listing that ended. */
export interface ListingResult {
  readonly at: Date
  /** Why it failed; null when it did not. */
  readonly code: ErrorCode | null
  /** To the code host, by this listing. */
  readonly requests: number
  readonly listed: number
  readonly added: number
  readonly removed: number
  readonly skipped: number
  /** There are more than are read. */
  readonly isCutOff: boolean
}

/** Each part is absent until it is first known. */
export interface ListingDocument extends TenantDocument {
  /** Null: not by itself. */
  readonly dueAt: Date | null
  readonly lease?: { readonly token: string; readonly until: Date } | null
  /** Failures since the last listing that succeeded or was given up. */
  readonly attempts?: number
  /** What the pages below depend on: another source or setting has other ones. */
  readonly basis?: string
  /** Of the last whole listing. */
  readonly pages?: readonly KeptPage[]
  /** Of one that was interrupted: it goes on behind them. */
  readonly begun?: readonly KeptPage[]
  /** The last repository that was listed no more and asked for: others come behind it. The empty text: begin anew. */
  readonly asked?: string
  readonly last?: ListingResult
}

export type ListingChange = Partial<Pick<ListingDocument, 'dueAt' | 'attempts' | 'basis' | 'pages' | 'begun' | 'asked' | 'last'>>

export interface ListingClaim {
  readonly token: string
  readonly listing: ListingDocument
}

export interface ListingsStore {
  /** Tenants with a listing to make, but these. */
  dueTenants(except: readonly string[], limit: number): Promise<string[]>
  for(tenantId: string): {
    /** Without its pages, which are many. */
    get(): Promise<Pick<ListingDocument, 'dueAt' | 'last'> | null>
    makeDue(at: Date | null): Promise<void>
    /** Makes it due when there was none yet; whether it did. */
    begin(): Promise<boolean>
    /** Null when it is not due, or somebody else was faster. */
    claim(): Promise<ListingClaim | null>
    /** Ends the claim with what it found; false when it is held no more. */
    end(claim: ListingClaim, change: ListingChange): Promise<boolean>
  }
}

const COLLECTION = 'repository-listings'
/** Longer than the longest listing. */
const LEASE_MS = 15 * 60_000

export const listingsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { dueAt: 1 } }] }

export function createListingsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): ListingsStore {
  const due = (): Filter<ListingDocument> => ({ dueAt: { $lte: clock() }, $or: [{ lease: null }, { 'lease.until': { $lt: clock() } }] })
  return {
    dueTenants: async (except, limit) => {
      const found = await collections.acrossTenants<ListingDocument>(COLLECTION).find({ ...due(), tenantId: { $nin: [...except] } }, { limit, projection: { tenantId: 1 } })
      return found.map(({ tenantId }) => tenantId)
    },
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<ListingDocument>(COLLECTION)
      return {
        get: () => own.findOne({ _id: tenantId }, { projection: { dueAt: 1, last: 1 } }),
        makeDue: async (at) => {
          await own.updateOne({ _id: tenantId }, { $set: { dueAt: at, attempts: 0 } }, { upsert: true })
        },
        begin: async () => (await own.updateOne({ _id: tenantId }, { $setOnInsert: { dueAt: clock() } }, { upsert: true })).upsertedCount === 1,
        claim: async () => {
          const lease = { token: randomUUID(), until: new Date(clock().getTime() + LEASE_MS) }
          if ((await own.updateOne({ _id: tenantId, ...due() }, { $set: { lease } })).modifiedCount === 0) return null
          const listing = await own.findOne({ _id: tenantId, 'lease.token': lease.token })
          return listing && { token: lease.token, listing }
        },
        end: async ({ token }, change) => (await own.updateOne({ _id: tenantId, 'lease.token': token }, { $set: { ...change, lease: null } })).modifiedCount === 1,
      }
    },
  }
}
