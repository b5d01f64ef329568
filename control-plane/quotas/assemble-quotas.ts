// Puts the parts of quotas/ together for main.ts, for the operator's commands and for tests.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { Logger } from '../logging.ts'
import { checkQuotas, type QuotasCheck } from './check-quotas.ts'
import { createCountersStore, countersIndexes } from './counters-store.ts'
import { createQuotasService, type QuotasService } from './quotas-service.ts'
import { createQuotasStore } from './quotas-store.ts'
import { createReservationsStore, reservationsIndexes } from './reservations-store.ts'
import { createQuotasSweep, type QuotasSweepResult } from './sweep-quotas.ts'

export const quotasModuleIndexes: readonly CollectionIndexes[] = [countersIndexes, reservationsIndexes]

export interface QuotasModule {
  readonly service: QuotasService
  readonly sweep: () => Promise<QuotasSweepResult>
  /** `month`: `2026-11`. */
  readonly check: (tenantId: string, month: string) => Promise<QuotasCheck>
}

export function assembleQuotas({ collections, clock, logger }: { readonly collections: TenantCollections; readonly clock: Clock; readonly logger: Logger }): QuotasModule {
  const counters = createCountersStore(collections)
  const quotas = createQuotasStore({ collections, clock })
  const reservations = createReservationsStore({ collections, clock })
  return {
    service: createQuotasService({ counters, quotas, reservations, clock }),
    sweep: createQuotasSweep({ counters, reservations, clock, logger }),
    check: (tenantId, month) => checkQuotas({ counters, reservations }, tenantId, month),
  }
}
