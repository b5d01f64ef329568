// Values that nobody keeps count of: looked up when the metrics are asked for, at most every few seconds however many ask, and
// never waited for longer than a scraper waits. What cannot be looked up is not printed, because an old value would be believed.

export interface LookUp {
  /** Sets the values anew; rejects when they cannot be known. */
  readonly look: () => Promise<void>
  /** Removes the values. */
  readonly clear: () => void
}

export interface LookUps {
  add(row: LookUp): void
  /** Resolves in two seconds at the latest; never rejects. */
  refresh(): Promise<void>
}

const EVERY_MS = 5_000
const PATIENCE_MS = 2_000

/** `now`: milliseconds. */
export function createLookUps({ now }: { readonly now: () => number }): LookUps {
  const rows: (() => Promise<void>)[] = []
  return {
    add: ({ look, clear }) => {
      let lookedAt = Number.NEGATIVE_INFINITY
      let looking: Promise<void> | null = null
      rows.push(async () => {
        if (looking === null && Math.abs(now() - lookedAt) < EVERY_MS) return
        lookedAt = now()
        looking ??= look().catch(clear).finally(() => { looking = null })
        if (!(await endsInTime(looking))) clear()
      })
    },
    refresh: async () => {
      await Promise.all(rows.map((refresh) => refresh()))
    },
  }
}

async function endsInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), PATIENCE_MS) })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
