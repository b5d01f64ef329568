// How much waits in the two queues of analyses, since when, and what was given up. One question to the database for both queues; it
// is not sorted, because the embedded server reads the whole collection for that.
import type { AnalysesStore, PendingAnalysis } from '../analyses/analyses-store.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../operations/metrics.ts'
import { setQueue } from '../operations/set-queue.ts'
import type { DeadLettersStore } from './dead-letters-store.ts'

interface Parts {
  readonly store: Pick<AnalysesStore, 'pending'>
  readonly letters: Pick<DeadLettersStore, 'count'>
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'lookUp' | 'queueWaiting' | 'queueOldestSeconds' | 'deadLetters'>
}

/** Nothing is counted further than this. */
const MOST = 20_000

/** `backlog`: accepted, not admitted yet. `admitted`: has a place in the queue, and waits for a worker. */
export function watchQueues({ store, letters, clock, metrics }: Parts): void {
  metrics.lookUp({
    look: async () => {
      const [pending, dead] = await Promise.all([store.pending(MOST), letters.count(MOST)])
      setQueue(metrics, { queue: 'backlog', since: pending.filter(({ waiting }) => waiting === true).map(waitsSince), now: clock() })
      setQueue(metrics, { queue: 'admitted', since: pending.filter(({ waiting }) => waiting !== true).map(waitsSince), now: clock() })
      metrics.deadLetters.set(dead)
    },
    clear: () => {
      for (const queue of ['backlog', 'admitted']) setQueue(metrics, { queue, since: null, now: clock() })
      metrics.deadLetters.remove()
    },
  })
}

/** The pause between two attempts is no waiting. */
const waitsSince = ({ changedAt, notBefore }: PendingAnalysis): Date => (notBefore !== null && notBefore > changedAt ? notBefore : changedAt)
