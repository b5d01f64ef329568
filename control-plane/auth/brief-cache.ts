// Keeps what was found for a few seconds, so that a burst of requests asks the database once. A change is seen by the process that
// makes it at once (`forget`), by the others when the time is over. A clock that jumps, either way, ends the keeping.
import type { Clock } from '../clock.ts'

export interface BriefCache<T> {
  /** null is not kept: unknown ids would let a stranger fill the memory. */
  find(id: string): Promise<T | null>
  forget(id: string): void
}

interface Parts<T> {
  readonly clock: Clock
  readonly load: (id: string) => Promise<T | null>
}

const KEPT_MS = 10_000
const MOST_KEPT = 10_000

export function createBriefCache<T>({ clock, load }: Parts<T>): BriefCache<T> {
  const kept = new Map<string, { readonly value: T; readonly sinceMs: number }>()
  return {
    find: async (id) => {
      const nowMs = clock().getTime()
      const found = kept.get(id)
      if (found !== undefined && found.sinceMs <= nowMs && nowMs < found.sinceMs + KEPT_MS) return found.value
      const value = await load(id)
      kept.delete(id)
      if (value === null) return null
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(id, { value, sinceMs: nowMs })
      return value
    },
    forget: (id) => { kept.delete(id) },
  }
}
