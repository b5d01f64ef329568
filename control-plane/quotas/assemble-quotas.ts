// Puts the parts of quotas/ together for main.ts, for the operator's commands and for tests.
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { Logger } from '../logging.ts'
import { checkQuotas, type QuotasCheck } from './check-quotas.ts'
import { createCountersStore, countersIndexes } from './counters-store.ts'
import { createQuotasAdministration, type QuotasAdministration } from './quotas-administration.ts'
import { createQuotasRoutes } from './quotas-routes.ts'
import { createQuotasService, type QuotasService } from './quotas-service.ts'
import { createQuotasStore } from './quotas-store.ts'
import { createReservationsStore, reservationsIndexes } from './reservations-store.ts'
import { createQuotasSweep, type QuotasSweepResult } from './sweep-quotas.ts'
import { createUsageRoutes } from './usage-routes.ts'
import { createUsageService, type UsageService } from './usage-service.ts'
import { createQuotaWarnings } from './warn-quotas.ts'

export const quotasModuleIndexes: readonly CollectionIndexes[] = [countersIndexes, reservationsIndexes]

export interface QuotasModule {
  readonly routes: readonly AppRoutes[]
  readonly service: QuotasService
  readonly administration: QuotasAdministration
  readonly usage: UsageService
  readonly sweep: () => Promise<QuotasSweepResult>
  /** Gives the warnings that are due; how many. */
  readonly warn: () => Promise<number>
  /** Both, as a worker does it. */
  readonly tend: () => Promise<void>
  /** `month`: `2026-11`. */
  readonly check: (tenantId: string, month: string) => Promise<QuotasCheck>
}

export function assembleQuotas({ collections, audit, clock, logger }: { readonly collections: TenantCollections; readonly audit: AuditStore; readonly clock: Clock; readonly logger: Logger }): QuotasModule {
  const counters = createCountersStore(collections)
  const quotas = createQuotasStore({ collections, clock })
  const reservations = createReservationsStore({ collections, clock })
  const administration = createQuotasAdministration({ quotas, counters, audit, clock })
  const usage = createUsageService({ quotas, counters, reservations, clock })
  const sweep = createQuotasSweep({ counters, reservations, audit, clock, logger })
  const warn = createQuotaWarnings({ counters, quotas, audit, clock, logger })
  return {
    administration, usage, sweep, warn,
    routes: [createQuotasRoutes(administration), createUsageRoutes({ service: usage, clock })],
    service: createQuotasService({ counters, quotas, reservations, clock }),
    tend: async () => {
      await sweep()
      await warn()
    },
    check: (tenantId, month) => checkQuotas({ counters, reservations }, tenantId, month),
  }
}
