// Recomputes the counters of a month from the records alone and says where the two differ. Changes nothing. On a service at
// work a difference can be a reservation that is just being made: only what differs twice in the same way is told.
import { everyOne } from '../database/every-one.ts'
import type { Page } from '../database/tenant-collections.ts'
import { METRICS, NOTHING, addAmounts, type Amounts } from './amounts.ts'
import { usedBy } from './close-reservation.ts'
import { counterIdOf, dayKey, type CounterDocument, type CountersStore } from './counters-store.ts'
import type { ReservationsStore } from './reservations-store.ts'
import { subjectsOf } from './subjects.ts'

export interface QuotasCheck {
  readonly counters: number
  readonly reservations: number
  /** One sentence each. */
  readonly differences: readonly string[]
}

interface Parts {
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
}

export async function checkQuotas(parts: Parts, tenantId: string, month: string): Promise<QuotasCheck> {
  const first = await compare(parts, tenantId, month)
  if (first.differences.length === 0) return first
  const second = await compare(parts, tenantId, month)
  return { ...second, differences: second.differences.filter((difference) => first.differences.includes(difference)) }
}

async function compare({ counters, reservations }: Parts, tenantId: string, month: string): Promise<QuotasCheck> {
  const found = await everything((page) => counters.for(tenantId).ofMonth(month, page))
  const records = await everything((page) => reservations.for(tenantId).ofMonth(month, page))
  const computed = new Map<string, { total: Amounts; days: Record<string, Amounts> }>()
  const holds = new Map(found.map((counter) => [counter._id, new Set(counter.holds)]))
  const differences: string[] = []
  for (const record of records) {
    for (const subject of subjectsOf(record)) {
      const id = counterIdOf(tenantId, subject, month)
      const isHeld = holds.get(id)?.delete(record._id) === true
      if (!isHeld && (record.state === 'reserved' || record.state === 'dispatched')) differences.push(`${id} does not hold ${record._id}, which is ${record.state}`)
      if (isHeld && record.dueAt === undefined) differences.push(`${id} still holds ${record._id}, which is ${record.state} and closed`)
      add(computed, id, record.day, isHeld ? record.asked : usedBy(record))
    }
  }
  for (const counter of found) {
    for (const stray of holds.get(counter._id) ?? []) differences.push(`${counter._id} holds ${stray}, of which there is no record`)
    differences.push(...unequal(counter, computed.get(counter._id)))
    computed.delete(counter._id)
  }
  for (const [id, { total }] of computed) if (METRICS.some((metric) => total[metric] !== 0)) differences.push(`${id} is missing`)
  return { counters: found.length, reservations: records.length, differences }
}

function add(sums: Map<string, { total: Amounts; days: Record<string, Amounts> }>, id: string, day: string, amounts: Amounts): void {
  const { total, days } = sums.get(id) ?? { total: NOTHING, days: {} }
  sums.set(id, { total: addAmounts(total, amounts), days: { ...days, [dayKey(day)]: addAmounts(days[dayKey(day)] ?? NOTHING, amounts) } })
}

function unequal(counter: CounterDocument, computed: { total: Amounts; days: Record<string, Amounts> } = { total: NOTHING, days: {} }): string[] {
  const days = [...new Set([...Object.keys(counter.days), ...Object.keys(computed.days)])]
  const parts = [{ name: 'total', stored: counter.total, right: computed.total },
    ...days.map((name) => ({ name, stored: counter.days[name] ?? NOTHING, right: computed.days[name] ?? NOTHING }))]
  return parts.flatMap(({ name, stored, right }) => METRICS.filter((metric) => stored[metric] !== right[metric])
    .map((metric) => `${counter._id} ${name}.${metric} is ${stored[metric]}, the records say ${right[metric]}`))
}

async function everything<T extends { readonly _id: string }>(read: (page: Page) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for await (const each of everyOne(read)) found.push(each)
  return found
}
