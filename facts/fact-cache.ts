// The port of what is already known: a file cache on a laptop, a database collection in the service.
// A cache may forget at any time, and never makes a run fail.
import type { FactAnswer } from '../analysis/fact.ts'

/** Who may read an entry: everyone, or one tenant. What came from a public repository is public; everything else, "not found"
 *  included, belongs to the tenant who asked. */
export type FactScope = 'public' | `tenant:${string}`

export interface FactCacheEntry {
  readonly answer: FactAnswer
  /** For asking again at no cost; null when the answer carried none. */
  readonly etag: string | null
  /** When the code host last confirmed it: milliseconds since 1970. */
  readonly confirmedAtMs: number
}

export interface FactCache {
  /** null when nothing is known. `key` names the code host and the fact (`https://api.github.com ref:actions/checkout@v4`). */
  get(key: string, scope: FactScope): Promise<FactCacheEntry | null>
  set(key: string, scope: FactScope, entry: FactCacheEntry): Promise<void>
}
