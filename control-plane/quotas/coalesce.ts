// Gathers what is asked of one thing while an earlier round on it is under way, and does it together in the next round.
// One write for many callers: a conditional update costs the database the same for one hold and for a hundred.

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** `run` answers in the order of its items. One round per key at a time, of at most `most` items. */
export function coalesce<T, R>(run: (key: string, items: readonly T[]) => Promise<readonly R[]>, most: number): (key: string, item: T) => Promise<R> {
  const queues = new Map<string, Waiting<T, R>[]>()
  const work = async (key: string, queue: Waiting<T, R>[]) => {
    while (queue.length > 0) {
      const round = queue.splice(0, most)
      try {
        const results = await run(key, round.map(({ item }) => item))
        round.forEach(({ resolve }, index) => resolve(results[index] as R))
      } catch (error) {
        round.forEach(({ reject }) => reject(error))
      }
    }
    queues.delete(key)
  }
  return (key, item) => new Promise((resolve, reject) => {
    const queue = queues.get(key)
    if (queue !== undefined) {
      queue.push({ item, resolve, reject })
      return
    }
    const fresh: Waiting<T, R>[] = [{ item, resolve, reject }]
    queues.set(key, fresh)
    // After this turn of the loop: callers that ask at the same moment share the first round too.
    queueMicrotask(() => void work(key, fresh))
  })
}
