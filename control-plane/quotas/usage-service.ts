// What an organisation's calls to models have used, summed from the records: by day, model, purpose or repository; and when a
// month's limits are reached if it goes on like this.
import type { Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import { METRICS, NOTHING, addAmounts, type Amounts, type Metric } from './amounts.ts'
import { usedBy } from './close-reservation.ts'
import { usedIn, type CountersStore } from './counters-store.ts'
import { readHoldingQuotas } from './holding-quotas.ts'
import { dayOf, monthOf, resetOf } from './periods.ts'
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
  readonly metric: Metric
  readonly limit: number
  readonly used: number
  /** Of this month so far; null while there is too little to go by. */
  readonly perDay: number | null
  /** The UTC day on which the limit is reached; null: not in this month, or not known. */
  readonly reachedOn: string | null
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

const DAY_MS = 86_400_000
/** Of a month: a rate from less than this says little. */
const LEAST_DAYS = 2

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
    const limits = limitsAt(quota, now).month
    const used = usedIn(counter, 'month', dayOf(now))
    for (const metric of METRICS) {
      const limit = limits[metric]
      if (limit !== null) list.push({ quota: quota.id, subject, metric, limit, used: used[metric], ...reaching({ limit, used: used[metric], now }) })
    }
  }
  return list.sort((a, b) => (a.reachedOn ?? '~') < (b.reachedOn ?? '~') ? -1 : 1)
}

function reaching({ limit, used, now }: { readonly limit: number; readonly used: number; readonly now: Date }): Pick<Forecast, 'perDay' | 'reachedOn' | 'resetsAt'> {
  const resetsAt = resetOf('month', dayOf(now))
  const days = (now.getTime() - Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)) / DAY_MS
  const known = { resetsAt: resetsAt.toISOString() }
  if (used >= limit) return { ...known, perDay: days < LEAST_DAYS ? null : Math.round(used / days), reachedOn: dayOf(now) }
  if (days < LEAST_DAYS) return { ...known, perDay: null, reachedOn: null }
  const at = new Date(now.getTime() + ((limit - used) / (used / days)) * DAY_MS)
  return { ...known, perDay: Math.round(used / days), reachedOn: used > 0 && at < resetsAt ? dayOf(at) : null }
}
