// One line on standard error that says what takes so long: only on a terminal, and only when it does take long.
import type { World } from './world.ts'

export interface Progress {
  update(text: string): void
  /** Removes the line. */
  end(): void
}

const QUIET_MS = 700
const CLEAR_LINE = '\r\x1b[K'

export function createProgress({ stderr, now }: Pick<World, 'stderr' | 'now'>): Progress {
  const startMs = now().getTime()
  let isShown = false
  return {
    update(text) {
      if (now().getTime() - startMs < QUIET_MS || !stderr.isTerminal) return
      isShown = true
      stderr.write(`${CLEAR_LINE}${text} ...`)
    },
    end() {
      if (isShown) stderr.write(CLEAR_LINE)
      isShown = false
    },
  }
}
