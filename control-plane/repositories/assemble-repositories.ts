// Puts repositories/, findings/ and policies/ together for main.ts and for tests.
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import { findingsIndexes } from '../findings/finding-document.ts'
import { createFindingsRoutes } from '../findings/findings-routes.ts'
import { createFindingsService } from '../findings/findings-service.ts'
import { createFindingsStore } from '../findings/findings-store.ts'
import { createPoliciesRoutes } from '../policies/policies-routes.ts'
import { createPoliciesService, type PoliciesService } from '../policies/policies-service.ts'
import { createPolicyVersionsStore, policyVersionsIndexes } from '../policies/policy-versions-store.ts'
import { createRecordResult, type RecordResult } from './record-result.ts'
import { createRepositoriesRoutes } from './repositories-routes.ts'
import { createRepositoriesService } from './repositories-service.ts'
import { createRepositoriesStore, type RepositoriesStore } from './repositories-store.ts'
import { repositoriesIndexes } from './repository-document.ts'

export const repositoriesModuleIndexes: readonly CollectionIndexes[] = [findingsIndexes, policyVersionsIndexes, repositoriesIndexes]

export interface RepositoriesModule {
  readonly routes: readonly AppRoutes[]
  readonly store: RepositoriesStore
  readonly policies: PoliciesService
  readonly recordResult: RecordResult
  /** The organisation's decisions about findings of one repository, by fingerprint. */
  readonly dismissalsOf: (tenantId: string, repositoryId: string) => Promise<ReadonlyMap<string, { readonly by: string; readonly reason: string; readonly until: string | null }>>
}

interface Parts {
  readonly collections: TenantCollections
  readonly audit: AuditStore
  readonly clock: Clock
}

export function assembleRepositories({ collections, audit, clock }: Parts): RepositoriesModule {
  const repositories = createRepositoriesStore({ collections, clock })
  const findings = createFindingsStore({ collections, clock })
  const policies = createPoliciesService({ store: createPolicyVersionsStore({ collections, clock }), findings, repositories, audit, clock })
  return {
    policies,
    routes: [
      createPoliciesRoutes({ service: policies }),
      createRepositoriesRoutes({ service: createRepositoriesService({ repositories, findings, clock }) }),
      createFindingsRoutes({ service: createFindingsService({ store: findings, audit, clock }), clock }),
    ],
    store: repositories,
    recordResult: createRecordResult({ repositories, findings, audit }),
    dismissalsOf: async (tenantId, repositoryId) => {
      const stored = await findings.for(tenantId).ofRepository(repositoryId)
      return new Map(stored.flatMap(({ fingerprint, state, dismissal }) => (state === 'dismissed' && dismissal !== null ? [[fingerprint, dismissal] as const] : [])))
    },
  }
}
