// Prices of models as quoted by third parties, read on 2026-11-27: a price here is a starting point that an operator checks
// against the provider's own page and replaces. Prices of cached tokens are not known. Not listed: Gemini 2.5 and older
// (gone, or answered by others), and the rest of Gemini 4 (dearer than gemini-4-hydrogen, by how much is not known).
import type { Price, PriceTier } from './price.ts'

const READ = { source: "third parties' quotations; check the provider's page", readOn: '2026-11-27' } as const
/** When a price began is not known: it holds for every day that this service can have seen. */
const SINCE = '2026-11-01'

/** Prices in micro-USD per million tokens. */
const tier = (input: number, output: number, upToInputTokens: number | null = null): PriceTier => ({ upToInputTokens, input, output, cached: null })
const price = (model: string, ...tiers: PriceTier[]): Price => ({ model, effectiveFrom: SINCE, effectiveTo: null, tiers, ...READ })
const until = (day: string, row: Price): Price => ({ ...row, effectiveTo: day })
const from = (day: string, row: Price): Price => ({ ...row, effectiveFrom: day })

export const KNOWN_PRICES: readonly Price[] = [
  price('gemini-3.5-flash-lite', tier(300_000, 2_500_000)),
  ...['gemini-3.6-flash', 'gemini-3.8-flash'].flatMap((model) => [
    until('2026-12-31', price(model, tier(750_000, 3_750_000))),
    from('2027-01-01', price(model, tier(1_500_000, 7_500_000))),
  ]),
  price('gemini-3.1-pro-preview', tier(2_000_000, 12_000_000, 200_000), tier(4_000_000, 18_000_000)),
  price('gemini-4-hydrogen', tier(1_500_000, 7_500_000)),
  price('claude-haiku-5-5', tier(100_000, 500_000, 100_000), tier(500_000, 2_500_000)),
  price('claude-opus-5-5', tier(4_000_000, 20_000_000)),
  price('gpt-6-luna', tier(100_000, 500_000)),
  price('gpt-6.1-sol', tier(2_000_000, 10_000_000)),
]
