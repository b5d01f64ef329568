// Repairs what a death between two writes leaves behind: leases that ran out, queued analyses without a job, analyses that were
// accepted but never admitted, and jobs that are done. Any number of processes may sweep at once.
import type { AnalysesStore, StoredAnalysis } from '../analyses/analyses-store.ts'
import type { Clock } from '../clock.ts'
import { everyPage } from '../database/every-one.ts'
import { ERRORS } from '../errors.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { Admission } from './admit.ts'
import type { DeadLettersStore } from './dead-letters-store.ts'
import type { JobQueue } from './job-queue.ts'

export interface SweepResult {
  readonly reclaimed: number
  readonly givenUp: number
  readonly enqueued: number
  readonly admitted: number
}

interface Parts {
  readonly store: AnalysesStore
  readonly tenants: Pick<TenantsStore, 'list'>
  readonly letters: DeadLettersStore
  readonly admission: Admission
  readonly jobs: Pick<JobQueue, 'enqueue' | 'hasJob' | 'removeFinished'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'analysesEnded'>
  readonly settings: { readonly maxAttempts: number; readonly sweepMs: number }
}

const AT_ONCE = 200

export function createSweep(parts: Parts): () => Promise<SweepResult> {
  const { tenants, admission, jobs, clock, logger, settings } = parts
  return async () => {
    const { reclaimed, givenUp } = await reclaimAbandoned(parts)
    const enqueued = await enqueueLost(parts, new Date(clock().getTime() - settings.sweepMs))
    await jobs.removeFinished()
    let admitted = 0
    for await (const page of everyPage(tenants.list, ({ id }) => id)) admitted += await admission.admitAll(page.map(({ id }) => id))
    const result = { reclaimed, givenUp, enqueued, admitted }
    if (reclaimed + givenUp + enqueued > 0) logger.warn({ sweep: result }, 'the sweep repaired analyses')
    return result
  }
}

async function reclaimAbandoned({ store, letters, jobs, clock, metrics, settings }: Parts): Promise<{ reclaimed: number; givenUp: number }> {
  let reclaimed = 0
  let givenUp = 0
  for (const found of await store.abandoned(AT_ONCE)) {
    const own = store.for(found.tenantId)
    if (found.attempts >= settings.maxAttempts) {
      await letters.put(exhausted(found, clock()))
      if (!(await own.reclaim(found, { up: { code: 'ATTEMPTS_EXHAUSTED', message: ERRORS.ATTEMPTS_EXHAUSTED.message } }))) continue
      metrics.analysesEnded.inc({ state: 'failed', code: 'ATTEMPTS_EXHAUSTED' })
      givenUp++
    } else if (await own.reclaim(found, { up: null })) {
      reclaimed++
      await jobs.enqueue({ tenantId: found.tenantId, analysisId: found._id }, clock())
    }
  }
  return { reclaimed, givenUp }
}

const exhausted = ({ _id: id, tenantId, repository, commit, attempts, correlationId }: StoredAnalysis, at: Date) =>
  ({ id, tenantId, repository, commit, attempts, correlationId, at, code: 'ATTEMPTS_EXHAUSTED' }) as const

async function enqueueLost({ store, jobs, clock }: Parts, before: Date): Promise<number> {
  let enqueued = 0
  for (const { _id: analysisId, tenantId, enqueuedAt, notBefore } of await store.enqueuedBefore(before, AT_ONCE)) {
    if (await jobs.hasJob(analysisId)) continue
    if (!(await store.for(tenantId).markEnqueued(analysisId, enqueuedAt))) continue
    const now = clock()
    await jobs.enqueue({ tenantId, analysisId }, notBefore !== null && notBefore > now ? notBefore : now)
    enqueued++
  }
  return enqueued
}
