// Which questions of a tenant this process is asking at the moment, so that two analyses with the same question make one call.
// Processes do not wait for each other: two of them may ask the same at once, and the one that saves last stands.

export interface Claim {
  /** Asked by nobody else here: for the holder of the claim to ask. */
  readonly own: ReadonlySet<string>
  /** Resolves when all others have ended their calls, with or without an answer. Rejects when the signal is aborted. */
  others(signal: AbortSignal): Promise<void>
  /** Has to be called, whatever becomes of the call, and before `others` is waited for: two claims could wait for each other. */
  release(): void
}

export type QuestionsUnderWay = (tenantId: string, keys: readonly string[]) => Claim

export function createQuestionsUnderWay(): QuestionsUnderWay {
  const underWay = new Map<string, Promise<void>>()
  return (tenantId, keys) => {
    const idOf = (key: string) => `${tenantId}\0${key}`
    const own = new Set(keys.filter((key) => !underWay.has(idOf(key))))
    const waits = new Set(keys.flatMap((key) => underWay.get(idOf(key)) ?? []))
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => { end = resolve })
    for (const key of own) underWay.set(idOf(key), ended)
    return {
      own,
      others: (signal) => endOf(waits, signal),
      release: () => {
        for (const key of own) underWay.delete(idOf(key))
        end()
      },
    }
  }
}

async function endOf(waits: ReadonlySet<Promise<void>>, signal: AbortSignal): Promise<void> {
  if (waits.size === 0) return
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const abort = () => { reject(signal.reason as Error) }
    signal.addEventListener('abort', abort, { once: true })
    void Promise.all(waits).then(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
  })
}
