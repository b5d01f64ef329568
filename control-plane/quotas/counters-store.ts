// One counter per subject and month, with its days inside: what a subject has used, and which reservations hold a part of it.
// A hold is taken and given back by conditional updates on its reservation's id, so doing either twice changes nothing.
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Filter, Page, TenantCollections, TenantDocument, UpdateFilter } from '../database/tenant-collections.ts'
import { METRICS, NOTHING, addAmounts, type Amounts, type Metric } from './amounts.ts'
import { coalesce } from './coalesce.ts'
import { PERIODS, monthOf, type Period } from './periods.ts'
import { quotaIdOf, type Subject } from './subjects.ts'

/** null: no limit. */
export type Limits = Readonly<Record<Period, Readonly<Record<keyof Amounts, number | null>>>>

export interface CounterDocument extends TenantDocument {
  readonly kind: Subject['kind']
  readonly subjectId: string
  readonly month: string
  readonly total: Amounts
  /** By day: `d27`. A day without a call is missing. */
  readonly days: Readonly<Record<string, Amounts>>
  /** Ids of the reservations that hold a part of it. */
  readonly holds: readonly string[]
  /** Warnings that were given: `month requests 80`. */
  readonly warned: readonly string[]
  /** Those of them whose entry in the audit log may not be written yet. */
  readonly warnings?: readonly Warning[]
}

export interface Warning {
  /** Of its entry in the audit log. */
  readonly id: string
  readonly name: string
  readonly period: Period
  readonly metric: Metric
  readonly percent: number
  readonly limit: number
  readonly used: number
  readonly resetsAt: string
}

export interface Hold {
  readonly id: string
  readonly day: string
  readonly amounts: Amounts
}

export interface CountersStore {
  for(tenantId: string): {
    get(subject: Subject, month: string): Promise<CounterDocument | null>
    /** Makes the counter where it is missing. */
    ensure(subject: Subject, month: string): Promise<void>
    /** All of them, of one day, or none: none when they do not fit under the limits, or there is no counter. */
    hold(subject: Subject, holds: readonly Hold[], limits: Limits): Promise<boolean>
    /** Gives a hold back and adds `change` to what it had taken; does nothing when it is given back already. */
    release(subject: Subject, hold: Hold, change: Amounts): Promise<void>
    /** Records that a warning is to be given; true for the first of its name. */
    beginWarning(id: string, warning: Warning): Promise<boolean>
    /** It is given. */
    endWarning(id: string, warning: Warning): Promise<void>
    ofMonth(month: string, page: Page): Promise<CounterDocument[]>
  }
  ofMonth(month: string, page: Page): Promise<CounterDocument[]>
}

const COLLECTION = 'quota-counters'
/** `$all` costs the square of its list on the embedded server. */
const MOST_RELEASES = 50

export const countersIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, month: 1 } }] }

export const counterIdOf = (tenantId: string, subject: Subject, month: string): string => `${tenantId}|${month}|${quotaIdOf(subject)}`

export const dayKey = (day: string): string => `d${day.slice(8)}`

export const usedIn = (counter: Pick<CounterDocument, 'total' | 'days'> | null, period: Period, day: string): Amounts =>
  (period === 'month' ? counter?.total : counter?.days[dayKey(day)]) ?? NOTHING

interface Release {
  readonly tenantId: string
  readonly hold: Hold
  readonly change: Amounts
}

export function createCountersStore(collections: TenantCollections): CountersStore {
  const of = (tenantId: string) => collections.for(tenantId).collection<CounterDocument>(COLLECTION)
  const release = coalesce<Release, undefined>(async (id, releases) => {
    await releaseTogether(of(releases[0]?.tenantId ?? ''), id, releases)
    return releases.map(() => undefined)
  }, MOST_RELEASES)
  return {
    ofMonth: (month, page) => collections.acrossTenants<CounterDocument>(COLLECTION).page({ month }, page),
    for: (tenantId) => {
      const own = of(tenantId)
      return {
        get: (subject, month) => own.findOne({ _id: counterIdOf(tenantId, subject, month) }),
        ensure: async (subject, month) => {
          const fresh = { kind: subject.kind, subjectId: subject.id, month, total: NOTHING, days: {}, holds: [], warned: [] }
          await own.updateOne({ _id: counterIdOf(tenantId, subject, month) }, { $setOnInsert: fresh }, { upsert: true })
        },
        hold: async (subject, holds, limits) => {
          const day = holds[0]?.day ?? ''
          const sum = holds.reduce((total, { amounts }) => addAmounts(total, amounts), NOTHING)
          // A day that the counter does not have yet would match below.
          if (METRICS.some((metric) => PERIODS.some((period) => sum[metric] > (limits[period][metric] ?? Infinity)))) return false
          const filter = { _id: counterIdOf(tenantId, subject, monthOf(day)), ...room(limits, sum, day) }
          const update = { $inc: increments(sum, day), $push: { holds: { $each: holds.map(({ id }) => id) } } }
          return (await own.updateOne(filter, update)).modifiedCount === 1
        },
        release: (subject, hold, change) => release(counterIdOf(tenantId, subject, monthOf(hold.day)), { tenantId, hold, change }),
        beginWarning: async (id, warning) => (await own.updateOne({ _id: id, warned: { $ne: warning.name } }, { $push: { warned: warning.name, warnings: warning } })).modifiedCount === 1,
        endWarning: async (id, warning) => {
          await own.updateOne({ _id: id }, { $pull: { warnings: { id: warning.id } } })
        },
        ofMonth: (month, page) => own.page({ month }, page),
      }
    },
  }
}

/** `$not $gt` also matches a day that the counter does not have yet. */
function room(limits: Limits, sum: Amounts, day: string): Record<string, unknown> {
  const conditions: Record<string, unknown> = {}
  for (const metric of METRICS) {
    if (sum[metric] === 0) continue
    if (limits.month[metric] !== null) conditions[`total.${metric}`] = { $not: { $gt: limits.month[metric] - sum[metric] } }
    if (limits.day[metric] !== null) conditions[`days.${dayKey(day)}.${metric}`] = { $not: { $gt: limits.day[metric] - sum[metric] } }
  }
  return conditions
}

const increments = (amounts: Amounts, day: string): Record<string, number> =>
  Object.fromEntries(METRICS.flatMap((metric) => [[`total.${metric}`, amounts[metric]], [`days.${dayKey(day)}.${metric}`, amounts[metric]]]))

async function releaseTogether(own: ReturnType<ReturnType<TenantCollections['for']>['collection']>, id: string, releases: readonly Release[]): Promise<void> {
  let rest = releases
  while (rest.length > 0) {
    const ids = rest.map(({ hold }) => hold.id)
    const changes: Record<string, number> = {}
    for (const { hold, change } of rest) {
      for (const [path, amount] of Object.entries(increments(change, hold.day))) changes[path] = (changes[path] ?? 0) + amount
    }
    const filter = { _id: id, holds: { $all: ids } } as Filter<TenantDocument>
    const update = { $inc: changes, $pullAll: { holds: ids } } as UpdateFilter<TenantDocument>
    if ((await own.updateOne(filter, update)).modifiedCount === 1) return
    // Somebody else gave some of them back: what is still held is tried again, which ends because holds never come back.
    const found = (await own.findOne({ _id: id })) as CounterDocument | null
    const left = rest.filter(({ hold }) => found?.holds.includes(hold.id) === true)
    rest = left
  }
}
