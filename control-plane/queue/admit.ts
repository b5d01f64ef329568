// Admission: the analyses collection is the backlog, and at most K analyses per tenant have a job at once. A tenant's K places
// are numbered, and a unique index on {tenantId, slot} gives each to one analysis, however many processes admit at the same time.
import type { AnalysesStore, StoredAnalysis } from '../analyses/analyses-store.ts'
import type { Clock } from '../clock.ts'
import type { JobQueue } from './job-queue.ts'

export interface Admission {
  /** Fills the tenant's free places; how many analyses were admitted. */
  admit(tenantId: string): Promise<number>
  /** Round robin over tenants: one each, until nobody has a free place and something that waits. */
  admitAll(tenantIds: readonly string[]): Promise<number>
}

interface Parts {
  readonly store: AnalysesStore
  readonly jobs: Pick<JobQueue, 'enqueue'>
  readonly clock: Clock
  /** K. */
  readonly perTenant: number
}

/** How far a look into the backlog goes: others may admit the first ones at the same moment. */
const LOOK_AHEAD = 20

export function createAdmission({ store, jobs, clock, perTenant }: Parts): Admission {
  const admitUpTo = async (tenantId: string, most: number): Promise<number> => {
    const own = store.for(tenantId)
    const waiting = await own.waiting(perTenant + LOOK_AHEAD)
    if (waiting.length === 0) return 0
    const used = new Set(await own.slots())
    const free = Array.from({ length: perTenant }, (_, slot) => slot).filter((slot) => !used.has(slot))
    let admitted = 0
    for (const slot of free) {
      if (admitted === most) break
      const winner = await fill(slot, waiting, own)
      if (winner === null) continue
      // A process that dies here leaves a queued analysis without a job: the sweep finds it.
      await jobs.enqueue({ tenantId, analysisId: winner._id }, clock())
      admitted++
    }
    return admitted
  }
  return {
    admit: (tenantId) => admitUpTo(tenantId, perTenant),
    admitAll: async (tenantIds) => {
      let total = 0
      let active = tenantIds
      while (active.length > 0) {
        const again: string[] = []
        for (const tenantId of active) {
          if ((await admitUpTo(tenantId, 1)) > 0) again.push(tenantId)
        }
        total += again.length
        active = again
      }
      return total
    },
  }
}

/** Gives the place to the oldest that still waits, and takes it off the list; null when the place went to somebody else's. */
async function fill(slot: number, waiting: StoredAnalysis[], own: ReturnType<AnalysesStore['for']>): Promise<StoredAnalysis | null> {
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    const result = await own.admit(next._id, slot)
    if (result === 'slot taken') return null
    waiting.shift()
    if (result === 'admitted') return next
  }
  return null
}
