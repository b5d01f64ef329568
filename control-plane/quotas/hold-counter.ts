// Takes holds on a counter under the limits that hold for its subject: what waits for the same counter in this process is
// taken by one update, and when that is refused, as many as fit by what the counter says.
import type { Clock } from '../clock.ts'
import { METRICS, NOTHING, addAmounts, subtractAmounts, type Amounts, type Metric } from './amounts.ts'
import { coalesce } from './coalesce.ts'
import { counterIdOf, usedIn, type CounterDocument, type CountersStore, type Hold, type Limits } from './counters-store.ts'
import { PERIODS, monthOf, type Period } from './periods.ts'
import { limitsAt, type QuotasStore } from './quotas-store.ts'
import type { ReservationsStore } from './reservations-store.ts'
import type { Subject } from './subjects.ts'

export interface Refusal {
  readonly subject: Subject
  readonly period: Period
  readonly metric: Metric
  readonly limit: number
  readonly used: number
  readonly asked: number
}

/** `passing`: other reservations that may still be refused hold what is missing; ask again in a moment. */
export type HoldResult =
  | { readonly is: 'held' }
  | { readonly is: 'passing' | 'refused'; readonly refusal: Refusal }
  | { readonly is: 'unpriced'; readonly subject: Subject }

export interface Asking {
  readonly tenantId: string
  readonly subject: Subject
  readonly hold: Hold
  readonly isPriced: boolean
}

interface Parts {
  readonly quotas: QuotasStore
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
  readonly clock: Clock
}

const MOST_AT_ONCE = 500
const MOST_RESERVING = 5_000
const HELD: HoldResult = { is: 'held' }

export function createHoldCounter(parts: Parts): (asking: Asking) => Promise<HoldResult> {
  const hold = coalesce<Asking, HoldResult>((_key, askings) => holdTogether(parts, askings), MOST_AT_ONCE)
  // By day, so that one update never counts in two of them.
  return (asking) => hold(`${counterIdOf(asking.tenantId, asking.subject, monthOf(asking.hold.day))}|${asking.hold.day}`, asking)
}

async function holdTogether(parts: Parts, askings: readonly Asking[]): Promise<HoldResult[]> {
  const first = askings[0]
  if (first === undefined) return []
  const { tenantId, subject } = first
  const { day } = first.hold
  const limits = limitsAt(await parts.quotas.for(tenantId).holdingFor(subject), parts.clock())
  const own = parts.counters.for(tenantId)
  const results = new Map<Asking, HoldResult>()
  const limitsMoney = PERIODS.some((period) => limits[period].costMicroUsd !== null)
  for (const asking of askings) if (limitsMoney && !asking.isPriced) results.set(asking, { is: 'unpriced', subject })
  let chosen = askings.filter((asking) => !results.has(asking))
  while (chosen.length > 0) {
    if (await own.hold(subject, chosen.map(({ hold }) => hold), limits)) {
      for (const asking of chosen) results.set(asking, HELD)
      chosen = askings.filter((asking) => !results.has(asking))
      if (chosen.length === 0) break
    }
    const counter = await own.get(subject, monthOf(day))
    if (counter === null) {
      await own.ensure(subject, monthOf(day))
      continue
    }
    const open = askings.filter((asking) => !results.has(asking))
    chosen = fitting(open, counter, limits)
    if (chosen.length === 0) await refuse(parts, { open, counter, limits, results })
  }
  return askings.map((asking) => results.get(asking) ?? HELD)
}

/** In the order of asking; one that does not fit does not stop a smaller one behind it. */
function fitting(open: readonly Asking[], counter: CounterDocument, limits: Limits): Asking[] {
  let taken = NOTHING
  return open.filter((asking) => {
    const next = addAmounts(taken, asking.hold.amounts)
    if (whyNot(asking, { counter, limits, taken }) !== null) return false
    taken = next
    return true
  })
}

interface Place {
  readonly counter: CounterDocument
  readonly limits: Limits
  /** On top of what the counter says; negative for what may come back. */
  readonly taken: Amounts
}

function whyNot({ subject, hold: { amounts, day } }: Asking, { counter, limits, taken }: Place): Refusal | null {
  for (const period of PERIODS) {
    for (const metric of METRICS) {
      const limit = limits[period][metric]
      const used = usedIn(counter, period, day)[metric]
      const asked = amounts[metric]
      if (limit !== null && asked > 0 && used + taken[metric] + asked > limit) return { subject, period, metric, limit, used, asked }
    }
  }
  return null
}

async function refuse({ reservations }: Parts, { open, counter, limits, results }: Omit<Place, 'taken'> & { readonly open: readonly Asking[]; readonly results: Map<Asking, HoldResult> }): Promise<void> {
  const first = open[0]
  if (first === undefined) return
  // Who holds a part of the tenant's counter has every limit behind it: nothing of that comes back.
  const isLast = first.subject.kind === 'tenant'
  const reserving = isLast ? [] : await reservations.for(first.tenantId).reserving(MOST_RESERVING)
  const holding = new Set(counter.holds)
  const mayComeBack = reserving.filter(({ _id }) => holding.has(_id)).reduce((sum, { asked }) => addAmounts(sum, asked), NOTHING)
  for (const asking of open) {
    const refusal = whyNot(asking, { counter, limits, taken: NOTHING })
    if (refusal === null) continue
    const staysFull = whyNot(asking, { counter, limits, taken: subtractAmounts(NOTHING, mayComeBack) }) !== null
    results.set(asking, { is: staysFull ? 'refused' : 'passing', refusal })
  }
}
