// The append-only log of who did what to whom, per tenant. There is no way to change or remove an entry.
// Never put a token, a key or a repository's text into `details`.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { newId } from '../database/new-id.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface AuditEntry {
  /** `api-key:KEYID`, `oidc:REPOSITORYID`, `operator`, or `service` for what the service does by itself. */
  readonly actor: string
  /** Subject first, past tense: `pull-request.opened`, `text.replaced`, `github-token.stored`. */
  readonly action: string
  /** What it was done to: an analysis id, `owner/name`, a key id. */
  readonly subject: string
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
  /** The request that caused it, null when none did. */
  readonly correlationId: string | null
}

export interface AuditDocument extends AuditEntry, TenantDocument {
  readonly at: Date
}

export interface AuditStore {
  for(tenantId: string): {
    append(entry: AuditEntry): Promise<void>
    /** Oldest first. */
    list(page: Page): Promise<AuditDocument[]>
  }
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
        list: (page) => entries.page({}, page),
      }
    },
  }
}
