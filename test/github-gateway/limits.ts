// GitHub's rate limits: the headers of every answer, a real count per token (and for everyone without one), and limits that a
// test switches on.
import { refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'

export interface Limit {
  /** `primary`: no requests left until the reset. `secondary`: too much at once, with or without `retry-after`. */
  readonly kind: 'primary' | 'secondary'
  /** The labels it holds for; absent: everyone. `anonymous` is a label. */
  readonly token?: string
  readonly status?: 403 | 429
  /** primary: until the reset (default 3600). secondary: `retry-after`; null sends no such header (default 60). */
  readonly seconds?: number | null
  /** How many requests it refuses; absent: all until it is removed. */
  readonly times?: number
}

const PER_HOUR = { authenticated: 5_000, anonymous: 60 }

export function createLimits(now: () => number = Date.now) {
  const used = new Map<string, number>()
  const limits: { limit: Limit; left: number }[] = []
  const resetAt = Math.floor(now() / 1000) + 3_600
  return {
    /** Returns a function that removes it. */
    add(limit: Limit): () => void {
      const entry = { limit, left: limit.times ?? Infinity }
      limits.push(entry)
      return () => { entry.left = 0 }
    },
    refuse(request: GatewayRequest): GatewayAnswer | null {
      const label = labelOf(request)
      const entry = limits.find(({ limit, left }) => left > 0 && (limit.token === undefined || limit.token === label))
      if (entry) {
        entry.left -= 1
        return limited(entry.limit, Math.floor(now() / 1000))
      }
      const spent = (used.get(label) ?? 0) >= perHour(request)
      return spent ? limited({ kind: 'primary', seconds: resetAt - Math.floor(now() / 1000) }, Math.floor(now() / 1000)) : null
    },
    /** Counts an answer and returns its headers. A 304 to an authenticated request is free. */
    count(request: GatewayRequest, status: number): Record<string, string> {
      const label = labelOf(request)
      if (!(status === 304 && request.token !== null)) used.set(label, (used.get(label) ?? 0) + 1)
      const spent = used.get(label) ?? 0
      const limit = perHour(request)
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - spent)),
        'x-ratelimit-used': String(spent),
        'x-ratelimit-reset': String(resetAt),
        'x-ratelimit-resource': 'core',
      }
    },
    clear(): void {
      limits.length = 0
      used.clear()
    },
  }
}

export function labelOf(request: GatewayRequest): string {
  if (request.token === null) return 'anonymous'
  return request.token === 'unknown' ? 'unknown' : request.token.label
}

function perHour(request: GatewayRequest): number {
  return request.token === null ? PER_HOUR.anonymous : PER_HOUR.authenticated
}

function limited(limit: Limit, nowSeconds: number): GatewayAnswer {
  if (limit.kind === 'secondary') {
    const seconds = limit.seconds === undefined ? 60 : limit.seconds
    const headers = seconds === null ? {} : { 'retry-after': String(seconds) }
    return refusal(limit.status ?? 403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', { headers })
  }
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds + (limit.seconds ?? 3_600)) }
  return refusal(limit.status ?? 403, 'API rate limit exceeded.', { headers })
}
