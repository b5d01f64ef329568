// The ledger of what models may be asked: reserve before a call, dispatch when it is sent, settle when its bill is known,
// release when it was not sent. Never overspends: a record first, then one conditional update per limit, in one order.
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_MS, type Clock } from '../clock.ts'
import { newId } from '../database/new-id.ts'
import { AppError } from '../errors.ts'
import { NOTHING, checkAmounts } from './amounts.ts'
import { closeReservation } from './close-reservation.ts'
import type { CountersStore } from './counters-store.ts'
import { createHoldCounter, type Asking, type HoldResult, type Refusal } from './hold-counter.ts'
import { dayOf, monthOf, resetOf } from './periods.ts'
import type { QuotasStore } from './quotas-store.ts'
import type { ReservationDocument, ReservationsStore, ReservationState, Settlement } from './reservations-store.ts'
import { quotaIdOf, subjectsOf, type Subject } from './subjects.ts'

export interface ReservationRequest {
  readonly tenantId: string
  readonly actor: string
  /** The code host's numeric id, as text. */
  readonly repositoryId: string
  readonly purpose: string
  readonly model: string
  /** The most that the call can use: every retry counted, tokens as the estimate and the output limit together. */
  readonly requests: number
  readonly tokens: number
  /** null: the price is not known, which a money quota refuses. */
  readonly costMicroUsd: number | null
  readonly expiresInMs: number
}

export interface QuotasService {
  /** Throws QUOTA_EXCEEDED, PRICE_UNKNOWN or AMOUNT_INVALID. */
  reserve(request: ReservationRequest): Promise<{ readonly reservationId: string }>
  /** From now on the call counts, whatever becomes of it. Throws RESERVATION_EXPIRED, _NOT_FOUND or _STATE. */
  dispatch(reservationId: string): Promise<void>
  /** Settling the same reservation again changes nothing. Throws as `dispatch` does. */
  settle(reservationId: string, used: Settlement): Promise<void>
  /** For a call that was not sent, or that nobody bills. Throws RESERVATION_NOT_FOUND or _STATE. */
  release(reservationId: string): Promise<void>
}

export interface QuotasServiceParts {
  readonly quotas: QuotasStore
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
  readonly clock: Clock
}

/** After this time nobody works on taking or giving back holds any more, not even a write that is under way. */
const STEP_MS = 90_000
/** Ends waiting for reservations that may still be refused. */
const MOST_WAIT_MS = 15_000
const PAUSE_MS = 20
const LONGEST_RESERVATION_MS = DAY_MS

export function createQuotasService(parts: QuotasServiceParts): QuotasService {
  const { reservations, clock } = parts
  const hold = createHoldCounter(parts)
  const find = async (id: string) => {
    const found = await reservations.find(id)
    if (found === null) throw new AppError('RESERVATION_NOT_FOUND', { detail: id })
    return found
  }
  const soon = () => new Date(clock().getTime() + STEP_MS)
  return {
    reserve: (request) => reserve(parts, hold, request),
    dispatch: async (id) => {
      const { tenantId, expiresAt } = await find(id)
      if (!(await reservations.for(tenantId).move(id, { from: 'reserved', to: 'dispatched', unexpired: true }, { dueAt: expiresAt }))) throw lost(await find(id), 'reserved')
    },
    settle: async (id, used) => {
      checkAmounts({ requests: used.requests, tokens: used.tokens, costMicroUsd: used.costMicroUsd })
      const found = await find(id)
      if (found.state === 'settled' && !found.isSettledByExpiry) return
      const { requests, tokens, costMicroUsd, model } = used
      const settled = { requests, tokens, costMicroUsd, model }
      if (!(await reservations.for(found.tenantId).move(id, { from: 'dispatched', to: 'settled' }, { settled, dueAt: soon() }))) throw lost(await find(id), 'dispatched')
      await closeReservation(parts, { ...found, state: 'settled', settled })
    },
    release: async (id) => {
      const found = await find(id)
      if (found.state === 'returned') return
      const from = found.state === 'reserved' || found.state === 'dispatched' ? found.state : 'reserved'
      if (!(await reservations.for(found.tenantId).move(id, { from, to: 'returned' }, { dueAt: soon() }))) throw lost(await find(id), from)
      await closeReservation(parts, { ...found, state: 'returned' })
    },
  }
}

function lost({ _id: id, state, isSettledByExpiry, expiresAt }: ReservationDocument, wanted: ReservationState): AppError {
  if (isSettledByExpiry || state === 'returned' || state === wanted) return new AppError('RESERVATION_EXPIRED', { detail: `${id} was good until ${expiresAt.toISOString()}` })
  return new AppError('RESERVATION_STATE', { detail: `${id} is ${state}, and had to be ${wanted}` })
}

type HoldCounter = (asking: Asking) => Promise<HoldResult>

async function reserve(parts: QuotasServiceParts, hold: HoldCounter, request: ReservationRequest): Promise<{ reservationId: string }> {
  const { reservations, clock } = parts
  const record = toRecord(request, clock())
  const { _id: id, asked: amounts, day, isPriced } = record
  const own = reservations.for(request.tenantId)
  await own.insert(record)
  for (const subject of subjectsOf(request)) {
    const result = await untilDecided(hold, { tenantId: request.tenantId, subject, hold: { id, day, amounts }, isPriced })
    if (result.is === 'held') continue
    // Given back before the record says so: dying in between leaves a record that the sweep takes up.
    await closeReservation(parts, { ...record, tenantId: request.tenantId, state: 'refused' }, { stays: true })
    if (await own.move(id, { from: 'reserving', to: 'refused' }, { dueAt: clock() })) await own.close(id)
    throw result.is === 'unpriced' ? unpriced(request.model, result.subject) : exceeded(result.refusal, day, clock())
  }
  if (!(await own.move(id, { from: 'reserving', to: 'reserved', unexpired: true }, { dueAt: record.expiresAt }))) {
    await closeReservation(parts, { ...record, tenantId: request.tenantId, state: 'returned' }, { stays: true })
    throw new AppError('RESERVATION_EXPIRED', { detail: `${id} expired while it was taken` })
  }
  return { reservationId: id }
}

function toRecord(request: ReservationRequest, now: Date): Omit<ReservationDocument, 'tenantId'> {
  const { actor, repositoryId, purpose, model, requests, tokens, costMicroUsd, expiresInMs } = request
  const asked = { requests, tokens, costMicroUsd: costMicroUsd ?? NOTHING.costMicroUsd }
  checkAmounts({ ...asked, expiresInMs })
  if (expiresInMs > LONGEST_RESERVATION_MS) throw new AppError('AMOUNT_INVALID', { detail: `expiresInMs must be at most ${LONGEST_RESERVATION_MS}, and ${expiresInMs} is more` })
  return {
    _id: newId(now), state: 'reserving', actor, repositoryId, purpose, model, asked, isPriced: costMicroUsd !== null,
    day: dayOf(now), month: monthOf(now), createdAt: now, expiresAt: new Date(now.getTime() + expiresInMs), dueAt: new Date(now.getTime() + STEP_MS),
    settled: null, isSettledByExpiry: false,
  }
}

async function untilDecided(hold: HoldCounter, asking: Asking): Promise<HoldResult> {
  const startedAt = performance.now()
  for (;;) {
    const result = await hold(asking)
    if (result.is !== 'passing' || performance.now() - startedAt > MOST_WAIT_MS) return result
    await sleep(PAUSE_MS)
  }
}

const unpriced = (model: string, subject: Subject): AppError =>
  new AppError('PRICE_UNKNOWN', { detail: `${model} has no price for today, and the quota of ${quotaIdOf(subject)} limits money` })

function exceeded({ subject, period, metric, limit, used, asked }: Refusal, day: string, now: Date): AppError {
  const reset = resetOf(period, day)
  const numbers = `${quotaIdOf(subject)} may use ${limit} ${metric} per UTC ${period}: ${used} used, ${asked} asked`
  if (asked > limit) return new AppError('QUOTA_EXCEEDED', { detail: `${numbers}; it is more than the whole limit, so waiting does not help` })
  return new AppError('QUOTA_EXCEEDED', {
    detail: `${numbers}; resets at ${reset.toISOString()}`,
    retryAfterSeconds: Math.max(1, Math.ceil((reset.getTime() - now.getTime()) / 1000)),
  })
}
