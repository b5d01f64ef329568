// What a model costs: prices with dates and steps by input size, and the cost of a call in whole micro-USD, rounded up.
// A price that is missing or has ended is null here and never zero: a money quota refuses it as PRICE_UNKNOWN.

export interface PriceTier {
  /** The step holds for calls of at most this many input tokens, cached ones included; null: without an end. */
  readonly upToInputTokens: number | null
  /** Micro-USD per million tokens. */
  readonly input: number
  readonly output: number
  /** null: not known, and counted as `input`. */
  readonly cached: number | null
}

export interface Price {
  readonly model: string
  /** UTC days; the last one is included, null while no end is known. */
  readonly effectiveFrom: string
  readonly effectiveTo: string | null
  /** Ascending; the whole call is billed by the step that its input falls into. */
  readonly tiers: readonly PriceTier[]
  readonly source: string
  /** When the source was read. */
  readonly readOn: string
}

export interface TokenUse {
  /** All of the prompt, the cached part included. */
  readonly inputTokens: number
  readonly cachedTokens: number
  /** What was thought is billed as output: include it. */
  readonly outputTokens: number
}

/** Of several that hold on this day, the one that began last; of those the later in the list. null: none holds. */
export function priceOf(prices: readonly Price[], model: string, dateMs: number): Price | null {
  const day = new Date(dateMs).toISOString().slice(0, 10)
  return prices
    .filter((price) => price.model === model && price.effectiveFrom <= day && (price.effectiveTo === null || price.effectiveTo >= day))
    .reduce<Price | null>((best, price) => (best === null || price.effectiveFrom >= best.effectiveFrom ? price : best), null)
}

/** Micro-USD; null when the call is larger than the last step. */
export function costOf({ tiers }: Price, { inputTokens, cachedTokens, outputTokens }: TokenUse): number | null {
  const tier = tiers.find(({ upToInputTokens }) => upToInputTokens === null || inputTokens <= upToInputTokens)
  if (tier === undefined) return null
  // Tokens times prices can pass 2^53.
  const parts = BigInt(inputTokens - cachedTokens) * BigInt(tier.input) + BigInt(cachedTokens) * BigInt(tier.cached ?? tier.input) + BigInt(outputTokens) * BigInt(tier.output)
  return Number((parts + PER_MILLION - 1n) / PER_MILLION)
}

const PER_MILLION = 1_000_000n
