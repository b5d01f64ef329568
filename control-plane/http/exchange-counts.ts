// Carries the counts of requests between the processes, once a second. While the database does not answer each process goes on by
// what it knows. With N processes a burst before the first exchange gets N times a limit at the most; a steady caller gets about two
// seconds' worth of requests per process above it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../logging.ts'
import type { RequestCounts } from './request-counts.ts'
import type { RequestCountsStore } from './request-counts-store.ts'

export interface CountsExchange {
  /** Says and hears once. */
  exchange(): Promise<void>
  start(): void
  stop(): Promise<void>
}

interface Parts {
  readonly counts: RequestCounts
  readonly store: RequestCountsStore
  /** Of this process, among all that share the database. */
  readonly processId: string
  readonly logger: Pick<Logger, 'warn'>
  readonly everyMs?: number
}

const EVERY_MS = 1_000
/** Callers that are said: the rarest stay with this process alone. */
const MOST_SAID = 2_000
const WINDOWS_KEPT = 5

export function createCountsExchange({ counts, store, processId, logger, everyMs = EVERY_MS }: Parts): CountsExchange {
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let cleanedAt = -1
  const exchange = async (): Promise<void> => {
    const { window, counts: said } = counts.own(MOST_SAID)
    // Who was asked nothing has no limit to keep, and what it said in the window before is of no use any more.
    if (said.size === 0) return
    const callers = [...said.keys()]
    await store.write(processId, window, said)
    counts.setOthers(window, await store.readOthers(processId, window, callers))
    if (cleanedAt === window) return
    cleanedAt = window
    await store.removeBefore(window - WINDOWS_KEPT)
  }
  const run = async (): Promise<void> => {
    let isFailing = false
    while (!stopping.signal.aborted) {
      try {
        await exchange()
        isFailing = false
      } catch (error) {
        if (!isFailing) logger.warn({ err: error }, 'the counts of requests are not shared for now: each process limits by its own')
        isFailing = true
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  return {
    exchange,
    start: () => { running ??= run() },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
