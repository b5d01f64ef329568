// The dated prices in the form in which the router asks for them.
import type { PriceOf } from '../budget.ts'
import { costOf } from './price.ts'
import type { PricesService } from './prices-service.ts'

export const createModelPrices = (prices: Pick<PricesService, 'priceOf'>): PriceOf => async (tenantId, model, dateMs) => {
  const price = await prices.priceOf(tenantId, model, dateMs)
  // No provider tells us reliably what it took from its cache, so nothing is counted as cached: that is the dearer way.
  return price === null ? null : { costMicroUsd: ({ inputTokens, outputTokens }) => costOf(price, { inputTokens, cachedTokens: 0, outputTokens }) }
}
