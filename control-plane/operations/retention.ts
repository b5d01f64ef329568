// Removes what is older than the settings allow, tenant by tenant and in small parts, so that nothing else waits for it. May be cut
// at any time and run by several processes at once.
import { DAY_MS, type Clock } from '../clock.ts'
import type { Tenant, TenantsStore } from '../tenants/tenants-store.ts'

export interface RetentionTarget {
  readonly name: string
  readonly days: number
  /** At most `limit` of the tenant's that are older; the number removed. */
  removeBefore(tenantId: string, time: Date, limit: number): Promise<number>
}

interface Parts {
  readonly tenants: Pick<TenantsStore, 'list'>
  readonly targets: readonly RetentionTarget[]
  readonly clock: Clock
}

const TENANTS_AT_ONCE = 200
const REMOVED_AT_ONCE = 500

/** How much of each target was removed. */
export function createRetention({ tenants, targets, clock }: Parts): (signal: AbortSignal) => Promise<Readonly<Record<string, number>>> {
  return async (signal) => {
    const removed: Record<string, number> = Object.fromEntries(targets.map(({ name }) => [name, 0]))
    const clean = async ({ id }: Tenant, target: RetentionTarget) => {
      const time = new Date(clock().getTime() - target.days * DAY_MS)
      for (let part = REMOVED_AT_ONCE; part === REMOVED_AT_ONCE && !signal.aborted; ) {
        part = await target.removeBefore(id, time, REMOVED_AT_ONCE)
        removed[target.name] = (removed[target.name] ?? 0) + part
      }
    }
    for (let after: string | undefined; ; ) {
      const page = await tenants.list({ after, limit: TENANTS_AT_ONCE })
      for (const tenant of page) for (const target of targets) await clean(tenant, target)
      if (page.length < TENANTS_AT_ONCE || signal.aborted) return removed
      after = page.at(-1)?.id
    }
  }
}
