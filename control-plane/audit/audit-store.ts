// The append-only log of who did what to whom, per tenant. There is no way to change an entry, and none to remove one before its time.
// Never put a token, a key or a repository's text into `details`.
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { firstIdAt, newId } from '../database/new-id.ts'
import type { Filter, Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export type AuditValues = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface AuditEntry {
  /** `api-key:KEYID`, `user:USERID`, `oidc:REPOSITORYID`, `operator`, or `service` for what the service does by itself. */
  readonly actor: string
  /** Subject first, past tense: `pull-request.opened`, `text.replaced`, `github-token.stored`. */
  readonly action: string
  /** What it was done to: an analysis id, `owner/name`, a key id. */
  readonly subject: string
  readonly details: AuditValues
  /** What a change found and what it left; null where there was, or is, nothing. Left out for what changes no setting. */
  readonly before?: AuditValues | null
  readonly after?: AuditValues | null
  /** The request that caused it, null when none did. */
  readonly correlationId: string | null
}

export interface AuditDocument extends AuditEntry, TenantDocument {
  readonly at: Date
}

export interface AuditStore {
  for(tenantId: string): {
    append(entry: AuditEntry): Promise<void>
    /** With an id that `newId` gave: writing it again, by whatever process, changes nothing and answers false. */
    appendOnce(id: string, entry: AuditEntry): Promise<boolean>
    /** Oldest first, unless the page says otherwise. */
    list(page: Page, filter?: AuditFilter): Promise<AuditDocument[]>
    /** Removes what is older, at most `limit` entries; the number removed. */
    removeBefore(time: Date, limit: number): Promise<number>
  }
  /** The same as `append`, for entries of several tenants at once. */
  appendAll(entries: readonly (AuditEntry & { readonly tenantId: string })[]): Promise<void>
}

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

const COLLECTION = 'audit'

/** Paging goes by `_id` within the tenant. */
export const auditIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, _id: 1 } }] }

export function createAuditStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): AuditStore {
  return {
    for: (tenantId) => {
      const entries = collections.for(tenantId).collection<AuditDocument>(COLLECTION)
      return {
        append: async (entry) => {
          const at = clock()
          await entries.insertOne({ _id: newId(at), at, ...entry })
        },
        appendOnce: (id, entry) => unlessDuplicate(entries.insertOne({ _id: id, at: clock(), ...entry })),
        list: (page, filter = {}) => entries.page(queryOf(filter), page),
        removeBefore: async (time, limit) => {
          const old = await entries.find({ _id: { $lt: firstIdAt(time) } }, { limit, projection: { _id: 1 } })
          return old.length === 0 ? 0 : (await entries.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })).deletedCount
        },
      }
    },
    appendAll: async (all) => {
      const at = clock()
      await collections.acrossTenants<AuditDocument>(COLLECTION).insertEach(all.map((entry) => ({ _id: newId(at), at, ...entry })))
    },
  }
}

/** Times are ranges of ids, which are ordered by time. */
function queryOf({ actor, action, subject, from, to }: AuditFilter): Filter<AuditDocument> {
  const equal = Object.fromEntries(Object.entries({ actor, action, subject }).filter(([, value]) => value !== undefined))
  const range = { ...(from === undefined ? {} : { $gte: firstIdAt(from) }), ...(to === undefined ? {} : { $lt: firstIdAt(to) }) }
  return { ...equal, ...(Object.keys(range).length === 0 ? {} : { _id: range }) }
}
