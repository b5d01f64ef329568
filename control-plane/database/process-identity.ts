// Whether a process that was written down earlier still lives. Process numbers are used again, so on Linux the moment
// at which it started is compared too; elsewhere the number alone has to do.
import { readFileSync } from 'node:fs'

export interface ProcessIdentity {
  readonly pid: number
  /** Kernel ticks since boot; null where the system does not tell. */
  readonly startedAt: string | null
}

/** Counted after the program's name, which stands in brackets and may hold anything. */
const START_TIME_FIELD = 19

export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) }
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startTime(pid)
  return startedAt === null || now === null || now === startedAt
}

function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : (fields[START_TIME_FIELD] ?? null)
  } catch {
    return null
  }
}
