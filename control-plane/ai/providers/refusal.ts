// What a provider's HTTP status means. The same for all three; what only one of them says is read in its adapter.
import { ModelFailure } from '../model-failure.ts'
import type { ModelFailureCode, ModelFailureOptions } from '../model-failure.ts'

const BY_STATUS: Readonly<Record<number, ModelFailureCode>> = {
  400: 'MODEL_BAD_REQUEST',
  401: 'MODEL_UNAUTHORISED',
  403: 'MODEL_FORBIDDEN',
  404: 'MODEL_GONE',
  408: 'MODEL_TIMEOUT',
  410: 'MODEL_GONE',
  413: 'MODEL_REQUEST_TOO_LARGE',
  422: 'MODEL_BAD_REQUEST',
  429: 'MODEL_RATE_LIMITED',
  503: 'MODEL_OVERLOADED',
  504: 'MODEL_TIMEOUT',
  529: 'MODEL_OVERLOADED',
}

/** A limit that needs so long is not the one per minute. */
const LONG_LIMIT_MS = 3_600_000

export function refusal(status: number, options: ModelFailureOptions, nowMs: number): ModelFailure {
  const code = BY_STATUS[status] ?? (status >= 500 ? 'MODEL_UNAVAILABLE' : 'MODEL_BAD_REQUEST')
  const { retryAfterMs } = options
  if (code !== 'MODEL_RATE_LIMITED' || retryAfterMs === undefined || retryAfterMs < LONG_LIMIT_MS) return new ModelFailure(code, options)
  return new ModelFailure('MODEL_DAILY_LIMIT', { ...options, resetsAtMs: options.resetsAtMs ?? nowMs + retryAfterMs })
}

/** Of a Retry-After header: seconds, or a date. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : seconds * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
