// Warns when a limit is used to one of its quota's thresholds: a line in the log and an entry in the audit log, once for each limit,
// threshold and period, whoever of several processes finds it first. Runs beside the work, not in it: a minute late is early enough.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import type { Logger } from '../logging.ts'
import { METRICS, type Metric } from './amounts.ts'
import { dayKey, usedIn, type CounterDocument, type CountersStore } from './counters-store.ts'
import { readHoldingQuotas } from './holding-quotas.ts'
import { PERIODS, dayOf, monthOf, resetOf, type Period } from './periods.ts'
import { limitsAt, type Quota, type QuotasStore } from './quotas-store.ts'
import { quotaIdOf } from './subjects.ts'

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

interface Tenant {
  readonly id: string
  readonly holdingFor: Awaited<ReturnType<typeof readHoldingQuotas>>
}

/** Answers how many warnings were given. */
export function createQuotaWarnings(parts: Parts): () => Promise<number> {
  return async () => {
    const now = parts.clock()
    let given = 0
    let tenant: Tenant | undefined
    for await (const counter of everyOne((page) => parts.counters.ofMonth(monthOf(now), page))) {
      // Ids begin with the tenant's, so a tenant's counters come together.
      if (tenant?.id !== counter.tenantId) tenant = { id: counter.tenantId, holdingFor: await readHoldingQuotas(parts.quotas, counter.tenantId) }
      const quota = tenant.holdingFor(counter)
      if (quota !== undefined) given += await warn(parts, counter, quota)
    }
    return given
  }
}

async function warn({ counters, audit, clock, logger }: Parts, counter: CounterDocument, quota: Quota): Promise<number> {
  const now = clock()
  const subject = quotaIdOf({ kind: counter.kind, id: counter.subjectId })
  let given = 0
  for (const reached of reachedBy(counter, quota, now)) {
    const name = warningName(reached, dayOf(now))
    if (counter.warned.includes(name) || !(await counters.for(counter.tenantId).markWarned(counter._id, name))) continue
    const { period, metric, percent, limit, used } = reached
    const resetsAt = resetOf(period, dayOf(now)).toISOString()
    logger.warn({ tenantId: counter.tenantId, quota: subject, period, metric, percent, limit, used, resetsAt }, 'a quota is used to its threshold')
    const details = { period, metric, percent: String(percent), limit: String(limit), used: String(used), resetsAt }
    await audit.for(counter.tenantId).append({ actor: 'service', action: 'quota.warned', subject, details, correlationId: null })
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
