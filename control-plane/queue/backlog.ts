// How many analyses wait, looked up at most once a second however many ask: nothing is accepted that would wait for hours.
import type { Logger } from '../logging.ts'

export interface Backlog {
  /** By the last look; starts the next one where that is older than a second, and does not wait for it. */
  isFull(): boolean
}

interface Parts {
  /** Counts no further than this. */
  readonly countWaiting: (most: number) => Promise<number>
  readonly most: number
  readonly now: () => number
  readonly logger: Pick<Logger, 'warn'>
}

const EVERY_MS = 1_000

export function createBacklog({ countWaiting, most, now, logger }: Parts): Backlog {
  let lookedAt = Number.NEGATIVE_INFINITY
  let isFull = false
  const look = async (): Promise<void> => {
    try {
      isFull = (await countWaiting(most)) >= most
    } catch (error) {
      logger.warn({ err: error }, 'the backlog could not be counted')
    }
  }
  return {
    isFull: () => {
      if (Math.abs(now() - lookedAt) >= EVERY_MS) {
        lookedAt = now()
        void look()
      }
      return isFull
    },
  }
}
