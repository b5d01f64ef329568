// Tells the streams of this process what changed, whoever changed it: one look at the database a second for all of them together, and
// none while nobody listens. A change is told once to each listener; its time, not the order of writes, says where it stands.
import type { AnalysisChange, AnalysesStore } from '../analyses/analyses-store.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logging.ts'

export type { AnalysisChange }

export interface Listener {
  /** Null: more changed than can be told. */
  readonly tell: (change: AnalysisChange | null) => void
}

export interface LiveChanges {
  /** Answers how to stop. */
  listen(tenantId: string, listener: Listener): () => void
  /** What changed at or after a time, oldest first; null when it is more than can be told. */
  since(tenantId: string, time: Date): Promise<readonly AnalysisChange[] | null>
  /** Looks at once: something changed in this process. */
  hint(): void
}

interface Parts {
  readonly store: Pick<AnalysesStore, 'changedSince'>
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
  readonly everyMs?: number
}

const EVERY_MS = 1_000
/** A change is found although its writer's clock is this far behind, or its write took this long. */
export const OVERLAP_MS = 3_000
const MOST_CHANGES = 1_000

export function createLiveChanges({ store, clock, logger, everyMs = EVERY_MS }: Parts): LiveChanges {
  const listeners = new Map<string, Set<Listener>>()
  /** Told changes with their times, for as long as a look can find them again. */
  let told = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let looking = false

  const look = async (): Promise<void> => {
    if (looking || listeners.size === 0) return
    looking = true
    try {
      const from = new Date(clock().getTime() - OVERLAP_MS)
      const changes = await store.changedSince([...listeners.keys()], from, MOST_CHANGES)
      told = new Map([...told].filter(([, time]) => time >= from.getTime()))
      if (changes.length === MOST_CHANGES) tellAll(null)
      else changes.sort(byTime).forEach(tellOne)
    } catch (error) {
      logger.warn({ err: error }, 'what changed could not be read; the streams wait')
    } finally {
      looking = false
    }
  }
  const tellOne = (change: AnalysisChange): void => {
    const key = `${change._id} ${change.state} ${change.changedAt.getTime()}`
    if (told.has(key)) return
    told.set(key, change.changedAt.getTime())
    for (const { tell } of listeners.get(change.tenantId) ?? []) tell(change)
  }
  const tellAll = (change: null): void => {
    for (const own of listeners.values()) for (const { tell } of own) tell(change)
  }
  return {
    listen: (tenantId, listener) => {
      const own = listeners.get(tenantId) ?? new Set()
      listeners.set(tenantId, own.add(listener))
      timer ??= setInterval(() => void look(), everyMs)
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(tenantId)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    since: async (tenantId, time) => {
      const changes = await store.changedSince([tenantId], time, MOST_CHANGES)
      return changes.length === MOST_CHANGES ? null : changes.sort(byTime)
    },
    hint: () => void look(),
  }
}

const byTime = (a: AnalysisChange, b: AnalysisChange): number => a.changedAt.getTime() - b.changedAt.getTime() || (a._id < b._id ? -1 : 1)
