// Puts pull-requests/ together for main.ts and for tests: what people say under a fix pull request, and who is next in the budget.
import type { SubmitHead } from '../analyses/submit-head.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import type { MaintenanceTask } from '../operations/maintenance.ts'
import type { PoliciesService } from '../policies/policies-service.ts'
import { createFixPullRequestsStore } from './fix-pull-requests-store.ts'
import { createObeyCommand, type ObeyCommand } from './obey-command.ts'
import { createOpenWaiting, type OpenWaiting } from './open-waiting.ts'

export interface PullRequestsModule {
  readonly obey: ObeyCommand
  readonly openWaiting: OpenWaiting
  /** Every organisation's. */
  readonly task: MaintenanceTask
}

interface Parts {
  readonly collections: TenantCollections
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
  return {
    openWaiting,
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
