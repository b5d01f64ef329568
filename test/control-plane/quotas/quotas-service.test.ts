import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import type { ReservationDocument } from '../../../control-plane/quotas/reservations-store.ts'
import { DAY, TENANT, limitsOf, requestOf, startLedgerFixture, type LedgerFixture } from './ledger-fixture.ts'

const SETTLED = { requests: 1, tokens: 40, costMicroUsd: 20, model: 'm-2' }

let ledger: LedgerFixture
let tenants = 0
let tenantId: string
const reserve = async (changes: Parameters<typeof requestOf>[0] = {}) => (await ledger.service.reserve(requestOf({ tenantId, ...changes }))).reservationId
const booksAddUp = async () => expect((await ledger.check(tenantId)).differences).toEqual([])

beforeAll(async () => { ledger = await startLedgerFixture() })
afterAll(() => ledger.close())
beforeEach(() => {
  tenantId = `${++tenants}-${TENANT}`
  ledger.setTime(`${DAY}T12:00:00.000Z`)
})

describe('a reservation', () => {
  test('counts for actor, repository and tenant, by day and month, and leaves no hold when it is settled', async () => {
    const id = await reserve()
    await ledger.service.dispatch(id)
    for (const quota of ['actor:api-key:a', 'repository:7', 'tenant']) {
      expect(await ledger.counter(quota, tenantId)).toMatchObject({ total: { requests: 1, tokens: 100, costMicroUsd: 50 }, holds: [id] })
    }
    await booksAddUp()
    await ledger.service.settle(id, SETTLED)
    await ledger.service.settle(id, SETTLED)
    const used = { requests: 1, tokens: 40, costMicroUsd: 20 }
    for (const quota of ['actor:api-key:a', 'repository:7', 'tenant']) {
      expect(await ledger.counter(quota, tenantId)).toMatchObject({ total: used, days: { d27: used }, holds: [] })
    }
    expect(await ledger.record(id)).toMatchObject({ state: 'settled', settled: SETTLED, isSettledByExpiry: false })
    expect(await ledger.record(id)).not.toHaveProperty('dueAt')
    await booksAddUp()
  })

  test('is given back when it was not sent', async () => {
    const id = await reserve()
    await ledger.service.release(id)
    expect(await ledger.counter('tenant', tenantId)).toMatchObject({ total: { requests: 0, tokens: 0, costMicroUsd: 0 }, holds: [] })
    await expect(ledger.service.dispatch(id)).rejects.toMatchObject({ code: 'RESERVATION_EXPIRED' })
    await booksAddUp()
  })

  test('that is refused by the last limit gives everything back, and says which limit, used, asked and when it resets', async () => {
    await ledger.limit('tenant', limitsOf('month', { tokens: 150 }), tenantId)
    await reserve()
    await expect(reserve()).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED', detail: 'tenant may use 150 tokens per UTC month: 100 used, 100 asked; resets at 2026-12-01T00:00:00.000Z', retryAfterSeconds: 3.5 * 86_400,
    })
    expect(await ledger.counter('actor:api-key:a', tenantId)).toMatchObject({ total: { requests: 1 } })
    await booksAddUp()
  })

  test.each([['requests', 0], ['tokens', 99], ['costMicroUsd', 49]])('that asks for more %s than a whole limit is told that waiting does not help', async (metric, limit) => {
    await ledger.limit('repository:*', limitsOf('day', { [metric]: limit }), tenantId)
    const refusal = await reserve().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfterSeconds: undefined })
    expect(String(refusal)).toContain('waiting does not help')
  })

  test('without a price is refused where money is limited, and counted where it is not', async () => {
    await ledger.limit('repository:7', limitsOf('day', { costMicroUsd: 1_000 }), tenantId)
    await expect(reserve({ costMicroUsd: null })).rejects.toMatchObject({ code: 'PRICE_UNKNOWN' })
    const id = await reserve({ costMicroUsd: null, repositoryId: '8' })
    expect(await ledger.record(id)).toMatchObject({ isPriced: false, asked: { costMicroUsd: 0 } })
    await booksAddUp()
  })

  test("takes its own subject's quota before the one of all", async () => {
    await ledger.limit('actor:*', limitsOf('day', { requests: 0 }), tenantId)
    await ledger.limit('actor:api-key:a', limitsOf('day', { requests: 1 }), tenantId)
    await reserve()
    await expect(reserve()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await expect(reserve({ actor: 'api-key:b' })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  })
})

describe('an override', () => {
  test('holds until its end and no longer', async () => {
    const until = new Date(`${DAY}T13:00:00.000Z`)
    await ledger.quotas.for(tenantId).put({ id: 'tenant', limits: limitsOf('day', { requests: 0 }), warnAtPercent: [], override: { limits: limitsOf('day', { requests: 5 }), reason: 'release', until, by: 'operator' } })
    await reserve()
    ledger.setTime(until.toISOString())
    await expect(reserve()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  })
})

describe('a reservation that expired', () => {
  test('before it was sent is given back', async () => {
    const id = await reserve()
    ledger.advance(60_001)
    await expect(ledger.service.dispatch(id)).rejects.toMatchObject({ code: 'RESERVATION_EXPIRED' })
    await ledger.sweep()
    expect(await ledger.record(id)).toMatchObject({ state: 'returned' })
    expect(await ledger.counter('tenant', tenantId)).toMatchObject({ total: { tokens: 0 }, holds: [] })
    await booksAddUp()
  })

  test('after it was sent is settled at the most that it could use, and a late bill changes nothing', async () => {
    const id = await reserve()
    await ledger.service.dispatch(id)
    ledger.advance(60_001)
    await ledger.sweep()
    expect(await ledger.counter('tenant', tenantId)).toMatchObject({ total: { tokens: 100, costMicroUsd: 50 }, holds: [] })
    await expect(ledger.service.settle(id, SETTLED)).rejects.toMatchObject({ code: 'RESERVATION_EXPIRED' })
    await booksAddUp()
  })

  test('after it was sent is in the audit log, once, also when the process that settled it died before it said so', async () => {
    const id = await reserve()
    await ledger.service.dispatch(id)
    const entries = () => createAuditStore({ collections: ledger.database.collections, clock: () => new Date() }).for(tenantId).list({ limit: 10 })
    const records = ledger.database.collections.for(tenantId).collection<ReservationDocument>('quota-reservations')
    const settled = { requests: 1, tokens: 100, costMicroUsd: 50, model: 'm-1' }
    await records.updateOne({ _id: id }, { $set: { state: 'settled', isSettledByExpiry: true, settled, dueAt: new Date(0) } })
    for (let times = 0; times < 2; times++) await ledger.sweep()
    expect(await entries()).toMatchObject([{ action: 'model.call-lost', actor: 'api-key:a', subject: '7', details: { tokens: 100, costMicroUsd: 50 } }])
    const other = await reserve()
    await ledger.service.dispatch(other)
    ledger.advance(60_001)
    await ledger.sweep()
    // Two of one millisecond have no order.
    expect((await entries()).map(({ _id }) => _id).sort()).toEqual([id, other].sort())
  })
})

describe('a clock', () => {
  test('that passes midnight between reserving and settling counts in the day of the reservation', async () => {
    ledger.setTime('2026-11-30T23:59:59.999Z')
    const id = await reserve()
    await ledger.service.dispatch(id)
    ledger.setTime('2026-12-01T00:00:01.000Z')
    await ledger.service.settle(id, SETTLED)
    expect(await ledger.counter('tenant', tenantId)).toMatchObject({ total: { tokens: 40 }, days: { d30: { tokens: 40 } }, holds: [] })
    expect(await ledger.counter('tenant', tenantId, '2026-12')).toBeNull()
  })

  test('that jumps over midnight and back finds each day as it left it', async () => {
    await ledger.limit('tenant', limitsOf('day', { requests: 1 }), tenantId)
    await reserve()
    ledger.setTime('2026-11-28T00:00:00.000Z')
    await reserve()
    ledger.setTime(`${DAY}T23:59:59.999Z`)
    await expect(reserve()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await booksAddUp()
  })
})

test.each([
  [{ tokens: -1 }, 'tokens must not be negative'], [{ tokens: 1.5 }, 'tokens must be a whole number'], [{ tokens: Number.NaN }, 'tokens must be a number, not NaN'],
  [{ requests: Infinity }, 'requests must be at most'], [{ costMicroUsd: 2 ** 53 }, 'costMicroUsd must be at most'], [{ expiresInMs: 1e12 }, 'expiresInMs must be at most'],
])('%j is refused with its own message', async (changes, message) => {
  await expect(reserve(changes)).rejects.toThrow(message)
})

test('an unknown reservation is named', async () => {
  await expect(ledger.service.dispatch('nothing')).rejects.toMatchObject({ code: 'RESERVATION_NOT_FOUND' })
})

test('the checker names a counter that the records do not explain', async () => {
  await reserve()
  await ledger.database.collections.for(tenantId).collection('quota-counters').updateOne({ _id: `${tenantId}|2026-11|tenant` }, { $inc: { 'total.tokens': 1 } })
  expect((await ledger.check(tenantId)).differences).toEqual([`${tenantId}|2026-11|tenant total.tokens is 101, the records say 100`])
})
