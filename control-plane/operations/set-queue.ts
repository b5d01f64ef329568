// One queue's row of the metrics: how many wait, and how long the oldest has.
import type { Metrics } from './metrics.ts'

export interface QueueReading {
  readonly queue: string
  /** From when each waits; null: not known, so nothing is printed. */
  readonly since: readonly Date[] | null
  readonly now: Date
}

export function setQueue({ queueWaiting, queueOldestSeconds }: Pick<Metrics, 'queueWaiting' | 'queueOldestSeconds'>, { queue, since, now }: QueueReading): void {
  if (since === null) {
    queueWaiting.remove(queue)
    queueOldestSeconds.remove(queue)
    return
  }
  const oldest = since.reduce((least, date) => Math.min(least, date.getTime()), now.getTime())
  queueWaiting.set({ queue }, since.length)
  queueOldestSeconds.set({ queue }, (now.getTime() - oldest) / 1000)
}
