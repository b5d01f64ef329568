// Runs what a service does by itself at long intervals, beside its work: one task after the other, first soon after the start. A
// task that fails is logged and comes again. Every worker may do it: tasks are harmless when two run at once.
import type { Logger } from '../logging.ts'

export interface MaintenanceTask {
  readonly name: string
  /** What it did, for the log. Ends soon after the signal. */
  run(signal: AbortSignal): Promise<Readonly<Record<string, number>>>
}

export interface Maintenance {
  start(): void
  /** Waits for the task that runs. */
  stop(): Promise<void>
}

const EVERY_MS = 3_600_000

export function createMaintenance({ tasks, logger }: { readonly tasks: readonly MaintenanceTask[]; readonly logger: Logger }): Maintenance {
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  const runAll = async () => {
    for (const task of tasks) {
      if (stopping.signal.aborted) return
      try {
        const did = await task.run(stopping.signal)
        if (Object.values(did).some((count) => count > 0)) logger.info({ task: task.name, ...did }, 'maintenance')
      } catch (error) {
        if (!stopping.signal.aborted) logger.warn({ err: error, task: task.name }, 'a maintenance task failed and comes again')
      }
    }
  }
  const runOnce = () => { running ??= runAll().finally(() => { running = null }) }
  return {
    start: () => {
      runOnce()
      timer = setInterval(runOnce, EVERY_MS)
    },
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await running
    },
  }
}
