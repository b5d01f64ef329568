// The record of every request that reached the gateway: tests, the demo and the benchmarks count from it.
// It keeps a token's label, never its value, and no body.

export interface LoggedRequest {
  readonly method: string
  /** Without query and without `/api/v3`. */
  readonly path: string
  readonly query: string
  /** 0 when the connection was cut before an answer. */
  readonly status: number
  /** The token's label, 'anonymous', or 'unknown'. */
  readonly token: string
  /** Whether it carried If-None-Match. */
  readonly conditional: boolean
  /** Whether a fault that a test asked for answered it. */
  readonly faulted: boolean
  readonly userAgent: string
  readonly durationMs: number
}

export interface RequestFilter {
  readonly method?: string
  /** A string compares whole paths. */
  readonly path?: string | RegExp
  readonly status?: number
  readonly token?: string
  readonly conditional?: boolean
}

export function createRequestLog() {
  const entries: LoggedRequest[] = []
  const matching = (filter: RequestFilter) => entries.filter((entry) => matches(entry, filter))
  return {
    record(entry: LoggedRequest): void {
      entries.push(entry)
    },
    /** In the order in which they were answered. */
    all(filter: RequestFilter = {}): readonly LoggedRequest[] {
      return matching(filter)
    },
    count(filter: RequestFilter = {}): number {
      return matching(filter).length
    },
    /** Everything that is not GET or HEAD. */
    writes(filter: RequestFilter = {}): readonly LoggedRequest[] {
      return matching(filter).filter((entry) => entry.method !== 'GET' && entry.method !== 'HEAD')
    },
    clear(): void {
      entries.length = 0
    },
  }
}

function matches(entry: LoggedRequest, filter: RequestFilter): boolean {
  if (filter.method !== undefined && entry.method !== filter.method) return false
  if (filter.status !== undefined && entry.status !== filter.status) return false
  if (filter.token !== undefined && entry.token !== filter.token) return false
  if (filter.conditional !== undefined && entry.conditional !== filter.conditional) return false
  if (filter.path === undefined) return true
  return typeof filter.path === 'string' ? entry.path === filter.path : filter.path.test(entry.path)
}
