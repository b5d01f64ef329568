// Reads the audit log of an organisation: a page at a time, or all of it.
import { everyPage } from '../database/every-one.ts'
import type { Page } from '../database/tenant-collections.ts'
import type { AuditDocument, AuditFilter, AuditStore } from './audit-store.ts'

export type { AuditDocument, AuditFilter }

export interface AuditService {
  /** Newest first. */
  list(tenantId: string, page: Page, filter: AuditFilter): Promise<AuditDocument[]>
  /** Oldest first, in parts. */
  all(tenantId: string, filter: AuditFilter): AsyncGenerator<readonly AuditDocument[]>
}

export function createAuditService(store: AuditStore): AuditService {
  return {
    list: (tenantId, page, filter) => store.for(tenantId).list({ ...page, newestFirst: true }, filter),
    all: (tenantId, filter) => everyPage((page) => store.for(tenantId).list(page, filter), ({ _id }) => _id),
  }
}
