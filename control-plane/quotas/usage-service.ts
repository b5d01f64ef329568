// What an organisation's calls to models have used, summed from the records: by day, model, purpose or repository; and when a
// limit of this day or month is reached if it goes on like this.
import { DAY_MS, type Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import { METRICS, NOTHING, addAmounts, type Amounts, type Metric } from './amounts.ts'
import { usedBy } from './close-reservation.ts'
import { usedIn, type CountersStore } from './counters-store.ts'
import { readHoldingQuotas } from './holding-quotas.ts'
import { PERIODS, dayOf, monthOf, resetOf, startOf, type Period } from './periods.ts'
import { limitsAt, type QuotasStore } from './quotas-store.ts'
import type { ReservationDocument, ReservationsStore } from './reservations-store.ts'
import { quotaIdOf } from './subjects.ts'

export const USAGE_KEYS = ['day', 'model', 'purpose', 'repository'] as const
export type UsageKey = (typeof USAGE_KEYS)[number]

/** UTC days, both included. */
export interface UsageSpan {
  readonly from: string
  readonly to: string
}

export interface UsageRow extends Amounts {
  readonly key: string
  /** Calls that are under way: the most that they can use is in none of the other numbers. */
  readonly open: number
  /** Calls whose price was not known: their cost counts as nothing. */
  readonly unpriced: number
  /** Calls of which nobody said what they used: the most that they could use was settled. */
  readonly assumed: number
}

export interface Usage extends UsageSpan {
  readonly by: UsageKey
  /** Most calls first; days ascending. */
  readonly rows: readonly UsageRow[]
  readonly total: UsageRow
}

export interface Forecast {
  /** The quota whose limit it is. */
  readonly quota: string
  /** Whom it limits. */
  readonly subject: string
  readonly period: Period
  readonly metric: Metric
  readonly limit: number
  readonly used: number
  /** The rate of this period so far; null while there is too little to go by. */
  readonly perDay: number | null
  /** The UTC day on which the limit is reached; null: not in this period, or not known. */
  readonly reachedOn: string | null
  /** The same to the second; now, when it is reached already. */
  readonly reachedAt: string | null
  readonly resetsAt: string
}

export interface UsageService {
  summarise(tenantId: string, by: UsageKey, span: UsageSpan): Promise<Usage>
  forecast(tenantId: string): Promise<readonly Forecast[]>
}

interface Parts {
  readonly quotas: QuotasStore
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
  readonly clock: Clock
}

/** A rate from less of its period than this says little. */
const LEAST_MS: Readonly<Record<Period, number>> = { day: DAY_MS / 12, month: 2 * DAY_MS }

export function createUsageService(parts: Parts): UsageService {
  return {
    summarise: async (tenantId, by, span) => {
      const rows = new Map<string, UsageRow>()
      let total = emptyRow('total')
      for await (const record of everyOne((page) => parts.reservations.for(tenantId).between(span, page))) {
        const key = keyOf(record, by)
        rows.set(key, addRecord(rows.get(key) ?? emptyRow(key), record))
        total = addRecord(total, record)
      }
      const order = by === 'day' ? (a: UsageRow, b: UsageRow) => (a.key < b.key ? -1 : 1) : (a: UsageRow, b: UsageRow) => b.requests - a.requests || (a.key < b.key ? -1 : 1)
      return { by, ...span, rows: [...rows.values()].filter(isUsed).sort(order), total }
    },
    forecast: (tenantId) => forecast(parts, tenantId),
  }
}

const emptyRow = (key: string): UsageRow => ({ key, ...NOTHING, open: 0, unpriced: 0, assumed: 0 })
const isUsed = ({ requests, open }: UsageRow): boolean => requests > 0 || open > 0

const keyOf = ({ day, model, purpose, repositoryId, settled }: ReservationDocument, by: UsageKey): string =>
  by === 'day' ? day : by === 'model' ? (settled?.model ?? model) : by === 'purpose' ? purpose : repositoryId

function addRecord(row: UsageRow, record: ReservationDocument): UsageRow {
  const isSettled = record.state === 'settled'
  return {
    ...row, ...addAmounts(row, usedBy(record)),
    open: row.open + (record.state === 'reserved' || record.state === 'dispatched' ? 1 : 0),
    unpriced: row.unpriced + (isSettled && !record.isPriced ? 1 : 0),
    assumed: row.assumed + (record.isSettledByExpiry ? 1 : 0),
  }
}

async function forecast({ quotas, counters, clock }: Parts, tenantId: string): Promise<readonly Forecast[]> {
  const now = clock()
  const holdingFor = await readHoldingQuotas(quotas, tenantId)
  const list: Forecast[] = []
  for await (const counter of everyOne((page) => counters.for(tenantId).ofMonth(monthOf(now), page))) {
    const quota = holdingFor(counter)
    if (quota === undefined) continue
    const subject = quotaIdOf({ kind: counter.kind, id: counter.subjectId })
    const limits = limitsAt(quota, now)
    for (const period of PERIODS) {
      const used = usedIn(counter, period, dayOf(now))
      for (const metric of METRICS) {
        const limit = limits[period][metric]
        if (limit !== null) list.push({ quota: quota.id, subject, period, metric, limit, used: used[metric], ...reaching({ period, limit, used: used[metric], now }) })
      }
    }
  }
  return list.sort((a, b) => ((a.reachedAt ?? '~') < (b.reachedAt ?? '~') ? -1 : 1))
}

function reaching({ period, limit, used, now }: Pick<Forecast, 'period' | 'limit' | 'used'> & { readonly now: Date }): Pick<Forecast, 'perDay' | 'reachedOn' | 'reachedAt' | 'resetsAt'> {
  const resetsAt = resetOf(period, dayOf(now))
  const elapsedMs = now.getTime() - startOf(period, dayOf(now)).getTime()
  const isKnown = elapsedMs >= LEAST_MS[period]
  const at = used >= limit ? now : isKnown && used > 0 ? new Date(now.getTime() + ((limit - used) / used) * elapsedMs) : null
  const isReached = at !== null && at < resetsAt
  return {
    perDay: isKnown ? Math.round((used / elapsedMs) * DAY_MS) : null,
    reachedOn: isReached ? dayOf(at) : null, reachedAt: isReached ? at.toISOString() : null, resetsAt: resetsAt.toISOString(),
  }
}
