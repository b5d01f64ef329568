// The pause before the next attempt: doubles with each attempt, never less than the other side asked for.

const LONGEST_MS = 15 * 60_000

export interface RetryDelayOptions {
  readonly baseMs: number
  /** What Retry-After said. */
  readonly retryAfterSeconds: number | undefined
}

/** Milliseconds; `attempt` counts from 1. */
export function retryDelayMs(attempt: number, { baseMs, retryAfterSeconds }: RetryDelayOptions): number {
  const backoff = Math.min(LONGEST_MS, baseMs * 2 ** (attempt - 1))
  return Math.max(backoff, (retryAfterSeconds ?? 0) * 1000)
}
