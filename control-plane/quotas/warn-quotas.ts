// Warns when a limit is used to one of its quota's thresholds: a line in the log and an entry in the audit log, once for each limit,
// threshold and period, whoever of several processes finds it first. Runs beside the work, not in it: a minute late is early enough.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logging.ts'
import { METRICS, type Metric } from './amounts.ts'
import { dayKey, usedIn, type CounterDocument, type CountersStore } from './counters-store.ts'
import { PERIODS, dayOf, monthOf, resetOf, type Period } from './periods.ts'
import { limitsAt, type Quota, type QuotasStore } from './quotas-store.ts'
import { quotaIdOf, quotaIdsFor } from './subjects.ts'

interface Parts {
  readonly counters: CountersStore
  readonly quotas: QuotasStore
  readonly audit: AuditStore
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
}

interface Reached {
  readonly period: Period
  readonly metric: Metric
  readonly percent: number
  readonly limit: number
  readonly used: number
}

const PART = 500
const MOST_QUOTAS = 1_000

/** Answers how many warnings were given. */
export function createQuotaWarnings(parts: Parts): () => Promise<number> {
  return async () => {
    const now = parts.clock()
    let given = 0
    const known = new Map<string, ReadonlyMap<string, Quota>>()
    for (let after: string | undefined; ; ) {
      const counters = await parts.counters.ofMonth(monthOf(now), { after, limit: PART })
      for (const counter of counters) {
        const quotas = known.get(counter.tenantId) ?? await quotasOf(parts, counter.tenantId)
        // Ids begin with the tenant's, so a tenant's counters come together: one is enough to keep.
        if (!known.has(counter.tenantId)) known.clear()
        known.set(counter.tenantId, quotas)
        given += await warn(parts, counter, quotas)
      }
      after = counters.at(-1)?._id
      if (counters.length < PART) return given
    }
  }
}

async function quotasOf({ quotas }: Parts, tenantId: string): Promise<ReadonlyMap<string, Quota>> {
  return new Map((await quotas.for(tenantId).list({ limit: MOST_QUOTAS })).map((quota) => [quota.id, quota]))
}

async function warn({ counters, audit, clock, logger }: Parts, counter: CounterDocument, quotas: ReadonlyMap<string, Quota>): Promise<number> {
  const now = clock()
  const subject = { kind: counter.kind, id: counter.subjectId }
  const quota = quotaIdsFor(subject).map((id) => quotas.get(id)).find((each) => each !== undefined)
  if (quota === undefined) return 0
  let given = 0
  for (const reached of reachedBy(counter, quota, now)) {
    const name = warningName(reached, dayOf(now))
    if (counter.warned.includes(name) || !(await counters.for(counter.tenantId).markWarned(counter._id, name))) continue
    const { period, metric, percent, limit, used } = reached
    const resetsAt = resetOf(period, dayOf(now)).toISOString()
    logger.warn({ tenantId: counter.tenantId, quota: quotaIdOf(subject), period, metric, percent, limit, used, resetsAt }, 'a quota is used to its threshold')
    const details = { period, metric, percent: String(percent), limit: String(limit), used: String(used), resetsAt }
    await audit.for(counter.tenantId).append({ actor: 'service', action: 'quota.warned', subject: quotaIdOf(subject), details, correlationId: null })
    given += 1
  }
  return given
}

/** `month requests 80`, `d27 tokens 95`: a counter holds one month. */
const warningName = ({ period, metric, percent }: Reached, day: string): string => `${period === 'month' ? 'month' : dayKey(day)} ${metric} ${percent}`

/** Of each limit the highest threshold that is reached. */
function reachedBy(counter: CounterDocument, quota: Quota, now: Date): readonly Reached[] {
  const limits = limitsAt(quota, now)
  return PERIODS.flatMap((period) => {
    const used = usedIn(counter, period, dayOf(now))
    return METRICS.flatMap((metric) => {
      const limit = limits[period][metric]
      if (limit === null) return []
      const percent = Math.max(0, ...quota.warnAtPercent.filter((each) => used[metric] * 100 >= limit * each))
      return percent === 0 || used[metric] === 0 ? [] : [{ period, metric, percent, limit, used: used[metric] }]
    })
  })
}
