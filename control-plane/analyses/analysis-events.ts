// Wakes those who wait for an analysis that ends in this process. Others find out by looking at the document again.
import { EventEmitter } from 'node:events'

export interface AnalysisEvents {
  ended(analysisId: string): void
  /** Resolves when it ends here, when the time is over, or when the signal says so. */
  wait(analysisId: string, limits: { readonly ms: number; readonly signal: AbortSignal }): Promise<void>
}

export function createAnalysisEvents(): AnalysisEvents {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    ended: (analysisId) => {
      emitter.emit(analysisId)
    },
    wait: (analysisId, { ms, signal }) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer)
          emitter.off(analysisId, finish)
          signal.removeEventListener('abort', finish)
          resolve()
        }
        const timer = setTimeout(finish, ms)
        emitter.once(analysisId, finish)
        signal.addEventListener('abort', finish)
        if (signal.aborted) finish()
      }),
  }
}
