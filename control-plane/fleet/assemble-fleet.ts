// Puts fleet/ together for main.ts and for tests.
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { PullRequestsService } from '../pull-requests/pull-requests-service.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { createCalendarFeedsRoutes } from './calendar-feeds-routes.ts'
import { createCalendarFeedsService } from './calendar-feeds-service.ts'
import { calendarFeedsIndexes, createCalendarFeedsStore } from './calendar-feeds-store.ts'
import { createFleetRoutes } from './fleet-routes.ts'
import { createFleetService } from './fleet-service.ts'

export const fleetModuleIndexes: readonly CollectionIndexes[] = [calendarFeedsIndexes]

interface Parts {
  readonly collections: TenantCollections
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly pullRequests: Pick<PullRequestsService, 'open' | 'budget'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly audit: AuditStore
  readonly clock: Clock
  readonly publicUrl: string
}

export function assembleFleet({ collections, repositories, pullRequests, tenants, audit, clock, publicUrl }: Parts): { readonly routes: readonly AppRoutes[] } {
  const fleet = createFleetService({ repositories, pullRequests, tenants, clock })
  const feeds = createCalendarFeedsService({ store: createCalendarFeedsStore({ collections, clock }), audit, clock })
  return { routes: [createFleetRoutes({ service: fleet }), createCalendarFeedsRoutes({ feeds, fleet, publicUrl })] }
}
