// The budget of a service without quotas: everything is granted and nothing is counted here; the audit log has every call with its cost.
// Prices are the dearest that the provider asks for what our models' windows allow.
import type { Budget, PriceOf } from './budget.ts'

/** Micro-USD for a token, in and out. Source: third parties' quotations of the providers' pages, 2026-11. */
const LIST_PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'gemini-3.5-flash-lite': [0.3, 2.5],
  'gemini-4-hydrogen': [1.5, 7.5],
  'claude-haiku-5-5': [0.1, 0.5],
  'claude-opus-5-5': [4, 20],
  'gpt-6-luna': [0.1, 0.5],
  'gpt-6.1-sol': [2, 10],
}

export const openBudget: Budget = {
  reserve: () => Promise.resolve({ reservationId: 'none' }),
  dispatch: () => Promise.resolve(),
  settle: () => Promise.resolve(),
  release: () => Promise.resolve(),
}

export const listPriceOf: PriceOf = (model) => {
  const price = LIST_PRICES[model]
  return price === undefined ? null : { costMicroUsd: ({ inputTokens, outputTokens }) => Math.ceil(inputTokens * price[0] + outputTokens * price[1]) }
}
