// What is counted and limited: calls to a model, their tokens, and their cost in whole micro-USD. Whole numbers only, far
// below 2^53, so that sums stay exact.
import { AppError } from '../errors.ts'

export const METRICS = ['requests', 'tokens', 'costMicroUsd'] as const
export type Metric = (typeof METRICS)[number]
export type Amounts = Readonly<Record<Metric, number>>

/** 1,000,000,000 USD, or as many tokens. */
export const MOST = 1_000_000_000_000_000

export const NOTHING: Amounts = { requests: 0, tokens: 0, costMicroUsd: 0 }

/** Why a value is no amount, as the end of a sentence; null when it is one. */
export function problemOfAmount(value: unknown): string | null {
  if (typeof value !== 'number') return `must be a number, not ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`}`
  if (Number.isNaN(value)) return 'must be a number, not NaN'
  if (value < 0) return `must not be negative, and ${value} is`
  if (value > MOST) return `must be at most ${MOST}, and ${value} is more`
  if (!Number.isInteger(value)) return `must be a whole number, and ${value} is not`
  return null
}

/** Throws AMOUNT_INVALID, whose detail names the field. */
export function checkAmounts(amounts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(amounts)) {
    const problem = problemOfAmount(value)
    if (problem !== null) throw new AppError('AMOUNT_INVALID', { detail: `${name} ${problem}` })
  }
}

const mapAmounts = (map: (metric: Metric) => number): Amounts =>
  ({ requests: map('requests'), tokens: map('tokens'), costMicroUsd: map('costMicroUsd') })

export const addAmounts = (a: Amounts, b: Amounts): Amounts => mapAmounts((metric) => a[metric] + b[metric])
export const subtractAmounts = (a: Amounts, b: Amounts): Amounts => mapAmounts((metric) => a[metric] - b[metric])
