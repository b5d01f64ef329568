// Reads the audit log of an organisation: a page at a time, or all of it.
import type { Page } from '../database/tenant-collections.ts'
import type { AuditDocument, AuditFilter, AuditStore } from './audit-store.ts'

export type { AuditDocument, AuditFilter }

export interface AuditService {
  /** Newest first. */
  list(tenantId: string, page: Page, filter: AuditFilter): Promise<AuditDocument[]>
  /** Oldest first, in parts. */
  all(tenantId: string, filter: AuditFilter): AsyncGenerator<readonly AuditDocument[]>
}

const PART = 500

export function createAuditService(store: AuditStore): AuditService {
  return {
    list: (tenantId, page, filter) => store.for(tenantId).list({ ...page, newestFirst: true }, filter),
    all: async function* (tenantId, filter) {
      for (let after: string | undefined; ; ) {
        const part = await store.for(tenantId).list({ after, limit: PART }, filter)
        yield part
        after = part.at(-1)?._id
        if (part.length < PART) return
      }
    },
  }
}
