import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import { createUsageService, type UsageKey } from '../../../control-plane/quotas/usage-service.ts'
import { createQuotaWarnings } from '../../../control-plane/quotas/warn-quotas.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { limitsOf, requestOf, startLedgerFixture, TENANT, type LedgerFixture } from './ledger-fixture.ts'

const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' }

let ledger: LedgerFixture
beforeEach(async () => { ledger = await startLedgerFixture() })
afterEach(() => ledger.close())

/** One settled call. */
async function call(changes: Parameters<typeof requestOf>[0] = {}, used: { requests?: number; tokens?: number; costMicroUsd?: number; model?: string } = {}): Promise<void> {
  const { reservationId } = await ledger.service.reserve(requestOf(changes))
  await ledger.service.dispatch(reservationId)
  await ledger.service.settle(reservationId, { requests: 1, tokens: 80, costMicroUsd: 40, model: changes.model ?? 'm-1', ...used })
}

const usage = () => createUsageService(ledger)
const rows = async (by: UsageKey, span = NOVEMBER) => (await usage().summarise(TENANT, by, span)).rows.map(({ key, requests, tokens, costMicroUsd }) => [key, requests, tokens, costMicroUsd])

describe('usage', () => {
  it('sums what was settled by day, by the model that answered, by purpose and by repository', async () => {
    await call({ repositoryId: '7' })
    await call({ repositoryId: '8', purpose: 'fix' }, { model: 'm-2', tokens: 10 })
    ledger.setTime('2026-11-28T00:00:00.000Z')
    await call({ repositoryId: '8' })
    await call({ tenantId: 'other@x' })
    expect(await rows('day')).toEqual([['2026-11-27', 2, 90, 80], ['2026-11-28', 1, 80, 40]])
    expect(await rows('model')).toEqual([['m-1', 2, 160, 80], ['m-2', 1, 10, 40]])
    expect(await rows('purpose')).toEqual([['explain', 2, 160, 80], ['fix', 1, 10, 40]])
    expect(await rows('repository')).toEqual([['8', 2, 90, 80], ['7', 1, 80, 40]])
    expect(await rows('repository', { from: '2026-11-28', to: '2026-11-28' })).toEqual([['8', 1, 80, 40]])
  })

  it('counts what is under way apart, leaves out what was not sent, and says what is a guess', async () => {
    await ledger.service.reserve(requestOf())
    const returned = await ledger.service.reserve(requestOf())
    await ledger.service.release(returned.reservationId)
    const lost = await ledger.service.reserve(requestOf({ costMicroUsd: null, expiresInMs: 1_000 }))
    await ledger.service.dispatch(lost.reservationId)
    expect((await usage().summarise(TENANT, 'day', NOVEMBER)).total).toMatchObject({ requests: 0, open: 2, assumed: 0 })
    ledger.advance(120_000)
    await ledger.sweep()
    expect((await usage().summarise(TENANT, 'day', NOVEMBER)).total).toEqual({ key: 'total', requests: 1, tokens: 100, costMicroUsd: 0, open: 0, unpriced: 1, assumed: 1 })
  })

  it('reads more records than fit into one part', async () => {
    await Promise.all(Array.from({ length: 600 }, () => ledger.service.reserve(requestOf())))
    expect((await usage().summarise(TENANT, 'day', NOVEMBER)).total.open).toBe(600)
  })
})

describe('the forecast', () => {
  it('names the day on which a month\'s limit is reached at the rate so far, the soonest first', async () => {
    ledger.setTime('2026-11-11T00:00:00.000Z')
    await ledger.limit('tenant', limitsOf('month', { tokens: 150, requests: 100 }))
    await ledger.limit('repository:*', limitsOf('month', { requests: 2 }))
    await call()
    const known = { quota: 'tenant', subject: 'tenant', period: 'month', resetsAt: '2026-12-01T00:00:00.000Z' }
    expect(await usage().forecast(TENANT)).toEqual([
      // 80 tokens in ten days: 70 more take 8.75 days.
      { ...known, metric: 'tokens', limit: 150, used: 80, perDay: 8, reachedOn: '2026-11-19', reachedAt: '2026-11-19T18:00:00.000Z' },
      { ...known, quota: 'repository:*', subject: 'repository:7', metric: 'requests', limit: 2, used: 1, perDay: 0, reachedOn: '2026-11-21', reachedAt: '2026-11-21T00:00:00.000Z' },
      { ...known, metric: 'requests', limit: 100, used: 1, perDay: 0, reachedOn: null, reachedAt: null },
    ])
  })

  it('says nothing from a day and a half, but that a limit is reached', async () => {
    ledger.setTime('2026-11-02T12:00:00.000Z')
    await ledger.limit('tenant', limitsOf('month', { tokens: 100, requests: 1 }))
    await call()
    expect((await usage().forecast(TENANT)).map(({ metric, perDay, reachedOn }) => [metric, perDay, reachedOn])).toEqual([['requests', null, '2026-11-02'], ['tokens', null, null]])
  })
})

describe('the forecast of a day', () => {
  it('names the time at which its limit is reached at the rate of this day, whatever the days before used', async () => {
    await call({ requests: 9 }, { requests: 9 })
    ledger.setTime('2026-11-28T06:00:00.000Z')
    await ledger.limit('tenant', limitsOf('day', { tokens: 200, requests: 5 }))
    await call()
    const known = { quota: 'tenant', subject: 'tenant', period: 'day', resetsAt: '2026-11-29T00:00:00.000Z' }
    expect(await usage().forecast(TENANT)).toEqual([
      // 80 tokens in six hours: 120 more take nine.
      { ...known, metric: 'tokens', limit: 200, used: 80, perDay: 320, reachedOn: '2026-11-28', reachedAt: '2026-11-28T15:00:00.000Z' },
      { ...known, metric: 'requests', limit: 5, used: 1, perDay: 4, reachedOn: null, reachedAt: null },
    ])
  })

  it('says nothing from an hour, but that a limit is reached, and begins anew at midnight', async () => {
    ledger.setTime('2026-11-28T01:00:00.000Z')
    await ledger.limit('tenant', limitsOf('day', { tokens: 100, requests: 1 }))
    await call()
    const forecast = async () => (await usage().forecast(TENANT)).map(({ metric, perDay, reachedAt }) => [metric, perDay, reachedAt])
    expect(await forecast()).toEqual([['requests', null, '2026-11-28T01:00:00.000Z'], ['tokens', null, null]])
    ledger.setTime('2026-11-29T03:00:00.000Z')
    expect((await forecast()).sort()).toEqual([['requests', 0, null], ['tokens', 0, null]])
  })
})

describe('warnings', () => {
  const start = () => {
    const logged: string[] = []
    const logger = createLogger({ level: 'warn', destination: { write: (line) => void logged.push(line) } })
    const audit = createAuditStore({ collections: ledger.database.collections, clock: ledger.clock })
    const entries = async () => (await audit.for(TENANT).list({ limit: 99 })).map(({ subject, details }) => `${subject} ${String(details.period)} ${String(details.metric)} ${String(details.percent)}`)
    return { logged, entries, warn: createQuotaWarnings({ ...ledger, audit, logger }) }
  }

  it('come once for a limit, a threshold and a period, however many processes look', async () => {
    const { warn, logged, entries } = start()
    await ledger.quotas.for(TENANT).put({ id: 'tenant', limits: limitsOf('day', { requests: 4 }), warnAtPercent: [50, 100], override: null })
    await call()
    expect(await warn()).toBe(0)
    await call()
    expect((await Promise.all([warn(), warn(), warn()])).reduce((sum, each) => sum + each)).toBe(1)
    expect(await entries()).toEqual(['tenant day requests 50'])
    // Entries of one millisecond have no order.
    ledger.advance(1)
    await call()
    await call()
    expect(await warn()).toBe(1)
    expect(await entries()).toEqual(['tenant day requests 50', 'tenant day requests 100'])
    expect(logged.map((line) => JSON.parse(line) as Record<string, unknown>)).toMatchObject([{ quota: 'tenant', percent: 50, limit: 4, used: 2, resetsAt: '2026-11-28T00:00:00.000Z' }, { percent: 100, used: 4 }])
    ledger.setTime('2026-11-28T10:00:00.000Z')
    await call()
    await call()
    expect(await warn()).toBe(1)
    expect((await ledger.counter('tenant'))?.warned).toEqual(['d27 requests 50', 'd27 requests 100', 'd28 requests 50'])
  })

  it('come exactly once when the process dies after any write, also when a month ends meanwhile', async () => {
    await ledger.quotas.for(TENANT).put({ id: 'tenant', limits: limitsOf('month', { requests: 1 }), warnAtPercent: [50], override: null })
    ledger.setTime('2026-11-30T23:59:00.000Z')
    await call()
    const { entries, warn } = start()
    class Killed extends Error {}
    const die = () => Promise.reject(new Killed())
    const { counters } = ledger
    const without = (name: 'endWarning') => ({ ...counters, for: (tenantId: string) => ({ ...counters.for(tenantId), [name]: die }) })
    const silent = { ...ledger, logger: createLogger({ level: 'silent' }) }
    const audit = createAuditStore({ collections: ledger.database.collections, clock: ledger.clock })
    await expect(createQuotaWarnings({ ...silent, audit: { ...audit, for: (tenantId) => ({ ...audit.for(tenantId), appendOnce: die }) } })()).rejects.toBeInstanceOf(Killed)
    expect(await entries()).toEqual([])
    ledger.setTime('2026-12-01T00:01:00.000Z')
    await expect(createQuotaWarnings({ ...silent, audit, counters: without('endWarning') })()).rejects.toBeInstanceOf(Killed)
    expect(await entries()).toEqual(['tenant month requests 50'])
    expect(await warn()).toBe(0)
    expect(await entries()).toEqual(['tenant month requests 50'])
    expect(await ledger.counter('tenant')).toMatchObject({ warned: ['month requests 50'], warnings: [] })
  })

  it('come for each subject of a quota for all, and for no tenant without quotas', async () => {
    const { warn, entries } = start()
    await ledger.quotas.for(TENANT).put({ id: 'repository:*', limits: limitsOf('month', { tokens: 100 }), warnAtPercent: [80], override: null })
    await call({ repositoryId: '7' })
    await call({ repositoryId: '8' })
    await call({ tenantId: 'other@x' })
    expect(await warn()).toBe(2)
    expect((await entries()).sort()).toEqual(['repository:7 month tokens 80', 'repository:8 month tokens 80'])
  })
})
