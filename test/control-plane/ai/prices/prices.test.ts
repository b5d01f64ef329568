import { afterAll, beforeAll, expect, test } from 'vitest'
import { KNOWN_PRICES } from '../../../../control-plane/ai/prices/known-prices.ts'
import { costOf, priceOf, type Price } from '../../../../control-plane/ai/prices/price.ts'
import { createPricesService, type PricesService } from '../../../../control-plane/ai/prices/prices-service.ts'
import { startPlatform, type Platform } from '../../platform-fixture.ts'

const BY = { actor: 'operator', correlationId: null }
const on = (day: string) => new Date(`${day}T12:00:00Z`).getTime()
const known = (model: string, day = '2026-11-27') => priceOf(KNOWN_PRICES, model, on(day))!

let platform: Platform
let prices: PricesService
beforeAll(async () => {
  platform = await startPlatform()
  prices = createPricesService(platform)
})
afterAll(() => platform.close())

test.each([
  ['claude-haiku-5-5', { inputTokens: 100_000, cachedTokens: 0, outputTokens: 0 }, 10_000],
  ['claude-haiku-5-5', { inputTokens: 100_001, cachedTokens: 0, outputTokens: 0 }, 50_001],
  ['gpt-6-luna', { inputTokens: 1, cachedTokens: 0, outputTokens: 0 }, 1],
  ['gpt-6-luna', { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 2 }, 100_001],
  ['claude-opus-5-5', { inputTokens: 4_000_000_000_000, cachedTokens: 0, outputTokens: 0 }, 16_000_000_000_000],
])('%s costs for %j exactly %i micro-USD, rounded up', (model, use, cost) => {
  expect(costOf(known(model), use)).toBe(cost)
})

test('a price changes on its day, and is none before it begins and for a model that nobody listed', () => {
  expect(known('gemini-3.8-flash', '2026-12-31').tiers[0]?.input).toBe(750_000)
  expect(known('gemini-3.8-flash', '2027-01-01').tiers[0]?.input).toBe(1_500_000)
  expect(priceOf(KNOWN_PRICES, 'gemini-3.8-flash', on('2026-10-31'))).toBeNull()
  expect(priceOf(KNOWN_PRICES, 'gemini-1.5-pro', on('2026-11-27'))).toBeNull()
})

test('a tenant adds a price of its own, which no other tenant gets, once', async () => {
  const own: Price = { model: 'local', effectiveFrom: '2026-11-01', effectiveTo: null, tiers: [{ upToInputTokens: null, input: 1, output: 2, cached: 0 }], source: 'our contract', readOn: '2026-11-27' }
  await prices.add('a@x', own, BY)
  expect(await prices.priceOf('a@x', 'local', on('2026-11-27'))).toEqual(own)
  expect(await prices.priceOf('b@x', 'local', on('2026-11-27'))).toBeNull()
  await expect(prices.add('a@x', own, BY)).rejects.toMatchObject({ code: 'PRICE_EXISTS' })
  expect((await platform.audit.for('a@x').list({ limit: 9 })).map(({ action, details }) => [action, details.before])).toEqual([['price.added', null]])
})

test("a tenant's own price comes before a shipped one that began later, and no end is moved to a later day", async () => {
  const own: Price = { model: 'gemini-3.8-flash', effectiveFrom: '2026-12-01', effectiveTo: null, tiers: [{ upToInputTokens: null, input: 7, output: 8, cached: null }], source: 'our contract', readOn: '2026-11-27' }
  await prices.add('d@x', own, BY)
  expect((await prices.priceOf('d@x', own.model, on('2027-01-02')))?.tiers[0]?.input).toBe(7)
  await prices.end('d@x', { model: own.model, effectiveFrom: own.effectiveFrom, effectiveTo: '2027-01-31' }, BY)
  await expect(prices.end('d@x', { model: own.model, effectiveFrom: own.effectiveFrom, effectiveTo: '2027-02-01' }, BY)).rejects.toMatchObject({ code: 'PRICE_EXISTS' })
  expect((await prices.priceOf('d@x', own.model, on('2027-02-01')))?.tiers[0]?.input).toBe(1_500_000)
})

test('a shipped price that is ended is no price any more, and says in the audit log what it was', async () => {
  await prices.end('c@x', { model: 'gpt-6-luna', effectiveFrom: '2026-11-01', effectiveTo: '2026-11-26' }, BY)
  expect(await prices.priceOf('c@x', 'gpt-6-luna', on('2026-11-26'))).not.toBeNull()
  expect(await prices.priceOf('c@x', 'gpt-6-luna', on('2026-11-27'))).toBeNull()
  const [entry] = await platform.audit.for('c@x').list({ limit: 9 })
  expect(String(entry?.details.before)).toContain('"effectiveTo":null')
  await expect(prices.end('c@x', { model: 'nothing', effectiveFrom: '2026-11-01', effectiveTo: '2026-11-26' }, BY)).rejects.toMatchObject({ code: 'PRICE_NOT_FOUND' })
})
