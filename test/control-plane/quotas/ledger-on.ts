// The ledger's parts on a database, for the tests and for the processes that they start.
import type { TenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createCountersStore } from '../../../control-plane/quotas/counters-store.ts'
import { createQuotasService } from '../../../control-plane/quotas/quotas-service.ts'
import { createQuotasStore } from '../../../control-plane/quotas/quotas-store.ts'
import { createReservationsStore } from '../../../control-plane/quotas/reservations-store.ts'
import { createQuotasSweep } from '../../../control-plane/quotas/sweep-quotas.ts'

export function ledgerOn(collections: TenantCollections, clock: () => Date) {
  const counters = createCountersStore(collections)
  const quotas = createQuotasStore({ collections, clock })
  const reservations = createReservationsStore({ collections, clock })
  return {
    counters, quotas, reservations,
    service: createQuotasService({ counters, quotas, reservations, clock }),
    sweep: createQuotasSweep({ counters, reservations, audit: createAuditStore({ collections, clock }), clock, logger: createLogger({ level: 'silent' }) }),
  }
}
