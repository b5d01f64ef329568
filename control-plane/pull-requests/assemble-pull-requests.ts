// Puts pull-requests/ together for main.ts and for tests: which there are, what people say under them, and who is next in the budget.
import type { AppRoutes } from '../app-route.ts'
import type { SubmitHead } from '../analyses/submit-head.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import type { MaintenanceTask } from '../operations/maintenance.ts'
import type { PoliciesService } from '../policies/policies-service.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { createFixPullRequestsStore } from './fix-pull-requests-store.ts'
import { createNoticeClosed, type NoticeClosed } from './notice-closed.ts'
import { createObeyCommand, type ObeyCommand } from './obey-command.ts'
import { createOpenWaiting, type OpenWaiting } from './open-waiting.ts'
import { createPullRequestsRoutes } from './pull-requests-routes.ts'
import { createPullRequestsService, type PullRequestsService } from './pull-requests-service.ts'

export interface PullRequestsModule {
  readonly routes: readonly AppRoutes[]
  readonly service: PullRequestsService
  readonly obey: ObeyCommand
  readonly noticeClosed: NoticeClosed
  readonly openWaiting: OpenWaiting
  /** Every organisation's. */
  readonly task: MaintenanceTask
}

interface Parts {
  readonly collections: TenantCollections
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly audit: AuditStore
  readonly policies: Pick<PoliciesService, 'current'>
  readonly submitHead: SubmitHead
  readonly clock: Clock
  readonly logger: Logger
}

export function assemblePullRequests(parts: Parts): PullRequestsModule {
  const store = createFixPullRequestsStore(parts)
  const openWaiting = createOpenWaiting({ ...parts, store })
  const service = createPullRequestsService({ ...parts, store })
  return {
    service, openWaiting,
    routes: [createPullRequestsRoutes({ service })],
    noticeClosed: createNoticeClosed({ ...parts, store }),
    obey: createObeyCommand({ ...parts, store }),
    task: {
      name: 'fix-pull-requests',
      run: async (signal) => {
        const total = { closed: 0, submitted: 0 }
        for (const tenantId of await store.tenantsThatWait()) {
          if (signal.aborted) break
          const { closed, submitted } = await openWaiting(tenantId, signal)
          total.closed += closed
          total.submitted += submitted
        }
        return total
      },
    },
  }
}
