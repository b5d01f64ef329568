// Puts baselines/ together for main.ts and for tests.
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { acceptancesIndexes, createAcceptancesStore } from './acceptances-store.ts'
import { createBaselinesRoutes } from './baselines-routes.ts'
import { createBaselinesService } from './baselines-service.ts'
import { createDriftsStore, driftsIndexes } from './drifts-store.ts'

export const baselinesModuleIndexes: readonly CollectionIndexes[] = [acceptancesIndexes, driftsIndexes]

interface Parts {
  readonly collections: TenantCollections
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly audit: AuditStore
  readonly clock: Clock
  /** Ends reading from the code host when the service stops. */
  readonly stopping: AbortSignal
}

export function assembleBaselines(parts: Parts): { readonly routes: AppRoutes } {
  const { collections, clock } = parts
  const service = createBaselinesService({ ...parts, acceptances: createAcceptancesStore({ collections, clock }), drifts: createDriftsStore({ collections }) })
  return { routes: createBaselinesRoutes({ service, clock }) }
}
