// Warns when a limit is used to one of its quota's thresholds: a line in the log and an entry in the audit log, once for each limit,
// threshold and period, whoever of several processes finds it first. The counter says first which entry will be written: a process
// that dies before it is leaves that to the next one. Runs beside the work, not in it: a minute late is early enough.
import type { AuditStore } from '../audit/audit-store.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import { newId } from '../database/new-id.ts'
import type { Logger } from '../logging.ts'
import { METRICS } from './amounts.ts'
import { dayKey, usedIn, type CounterDocument, type CountersStore, type Warning } from './counters-store.ts'
import { readHoldingQuotas } from './holding-quotas.ts'
import { PERIODS, dayOf, monthOf, resetOf } from './periods.ts'
import { limitsAt, type Quota, type QuotasStore } from './quotas-store.ts'
import { quotaIdOf } from './subjects.ts'

interface Parts {
  readonly counters: CountersStore
  readonly quotas: QuotasStore
  readonly audit: AuditStore
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
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
      given += await giveBegun(parts, counter)
      // Ids begin with the tenant's, so a tenant's counters come together.
      if (tenant?.id !== counter.tenantId) tenant = { id: counter.tenantId, holdingFor: await readHoldingQuotas(parts.quotas, counter.tenantId) }
      const quota = tenant.holdingFor(counter)
      if (quota !== undefined) given += await giveDue(parts, counter, quota)
    }
    return given + await giveOfYesterday(parts, now)
  }
}

/** What was begun in a month that is just over. */
async function giveOfYesterday(parts: Parts, now: Date): Promise<number> {
  const month = monthOf(new Date(now.getTime() - DAY_MS))
  let given = 0
  if (month !== monthOf(now)) for await (const counter of everyOne((page) => parts.counters.ofMonth(month, page))) given += await giveBegun(parts, counter)
  return given
}

async function giveBegun(parts: Parts, counter: CounterDocument): Promise<number> {
  let given = 0
  for (const warning of counter.warnings ?? []) given += await give(parts, counter, warning)
  return given
}

async function giveDue(parts: Parts, counter: CounterDocument, quota: Quota): Promise<number> {
  let given = 0
  for (const warning of dueOn(counter, quota, parts.clock())) {
    if (counter.warned.includes(warning.name) || !(await parts.counters.for(counter.tenantId).beginWarning(counter._id, warning))) continue
    given += await give(parts, counter, warning)
  }
  return given
}

/** 0 when another process has written the entry. */
async function give({ counters, audit, logger }: Parts, counter: CounterDocument, warning: Warning): Promise<number> {
  const subject = quotaIdOf({ kind: counter.kind, id: counter.subjectId })
  const { id, name: _name, ...rest } = warning
  const { period, metric, percent, limit, used, resetsAt } = rest
  const details = { period, metric, percent: String(percent), limit: String(limit), used: String(used), resetsAt }
  const isFirst = await audit.for(counter.tenantId).appendOnce(id, { actor: 'service', action: 'quota.warned', subject, details, correlationId: null })
  if (isFirst) logger.warn({ tenantId: counter.tenantId, quota: subject, ...rest }, 'a quota is used to its threshold')
  await counters.for(counter.tenantId).endWarning(counter._id, warning)
  return isFirst ? 1 : 0
}

/** Of each limit the highest threshold that is reached, named `month requests 80` or `d27 tokens 95`: a counter holds one month. */
function dueOn(counter: CounterDocument, quota: Quota, now: Date): readonly Warning[] {
  const limits = limitsAt(quota, now)
  const day = dayOf(now)
  return PERIODS.flatMap((period) => {
    const used = usedIn(counter, period, day)
    return METRICS.flatMap((metric) => {
      const limit = limits[period][metric]
      if (limit === null) return []
      const percent = Math.max(0, ...quota.warnAtPercent.filter((each) => used[metric] * 100 >= limit * each))
      const name = `${period === 'month' ? 'month' : dayKey(day)} ${metric} ${percent}`
      return percent === 0 || used[metric] === 0 ? [] : [{ id: newId(now), name, period, metric, percent, limit, used: used[metric], resetsAt: resetOf(period, day).toISOString() }]
    })
  })
}
