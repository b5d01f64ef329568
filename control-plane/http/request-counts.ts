// How often each caller has asked in the current minute: counted here, with what the other processes last said. The windows are
// the clock's minutes, the same in every process. Knows no database: exchange-counts.ts carries the numbers.

export interface Count {
  readonly current: number
  /** Milliseconds until the window ends. */
  readonly ttl: number
}

export interface RequestCounts {
  add(key: string): Count
  read(key: string): Count
  /** The window, and what this process counted in it: of more callers than `most` the most frequent ones. */
  own(most?: number): { readonly window: number; readonly counts: ReadonlyMap<string, number> }
  /** What all other processes counted in a window; forgotten with it. */
  setOthers(window: number, counts: ReadonlyMap<string, number>): void
}

export const WINDOW_MS = 60_000
/** Of a window, the rarest ones forgotten first: many addresses must not fill the memory. */
const MOST_KEYS = 20_000

export function createRequestCounts({ now }: { readonly now: () => number }): RequestCounts {
  let window = -1
  let own = new Map<string, number>()
  let others: ReadonlyMap<string, number> = new Map()
  /** A clock that is set back begins a new window too: nobody is locked out until it has caught up. */
  const enter = (): number => {
    const time = now()
    const current = Math.floor(time / WINDOW_MS)
    if (current !== window) {
      window = current
      own = new Map()
      others = new Map()
    }
    return (current + 1) * WINDOW_MS - time
  }
  const count = (key: string): number => (own.get(key) ?? 0) + (others.get(key) ?? 0)
  return {
    add: (key) => {
      const ttl = enter()
      if (own.size >= MOST_KEYS && !own.has(key)) own = new Map(mostFrequent(own, MOST_KEYS / 2))
      own.set(key, (own.get(key) ?? 0) + 1)
      return { current: count(key), ttl }
    },
    read: (key) => {
      const ttl = enter()
      return { current: count(key), ttl }
    },
    own: (most = MOST_KEYS) => {
      enter()
      return { window, counts: own.size <= most ? own : new Map(mostFrequent(own, most)) }
    },
    setOthers: (of, counts) => {
      enter()
      if (of === window) others = counts
    },
  }
}

const mostFrequent = (counts: ReadonlyMap<string, number>, most: number): readonly (readonly [string, number])[] =>
  [...counts].sort((a, b) => b[1] - a[1]).slice(0, most)
