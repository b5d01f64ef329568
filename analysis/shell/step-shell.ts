// Which shell runs a step: its own, its job's or workflow's default, else what the runner's system brings.
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import { hasExpression } from '../workflow/nodes.ts'

/** 'mixed' when the job runs on systems with different defaults, 'unknown' when nothing says, 'other' for a program of the owner's. */
export type ShellName = 'bash' | 'sh' | 'pwsh' | 'powershell' | 'cmd' | 'python' | 'other' | 'mixed' | 'unknown'

/** What a job runs on; 'mixed' when its matrix has both. */
export type System = 'windows' | 'unix' | 'mixed' | 'unknown'

const NAMES: ReadonlySet<string> = new Set(['bash', 'sh', 'pwsh', 'powershell', 'cmd', 'python'])
const WINDOWS = /windows|(^|[-_])win(\d|[-_]|$)/i
const UNIX = /ubuntu|linux|macos|debian|alpine|fedora|(^|[-_])mac([-_]|$)/i

/** The shell that runs the step's `run`. */
export function shellOf(step: Step): ShellName {
  const named = step.shell ?? step.job?.defaultShell ?? step.job?.workflow.defaultShell
  if (named) return nameOf(named)
  return step.job === null ? 'unknown' : defaultOf(step.job)
}

/** The shells that read POSIX quoting and parameters. */
export const isPosix = (shell: ShellName): boolean => shell === 'bash' || shell === 'sh'

function nameOf(shell: ScalarNode): ShellName {
  if (hasExpression(shell.text)) return 'unknown'
  const program = (shell.text.trim().split(/\s+/)[0] ?? '').replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase()
  return NAMES.has(program) ? (program as ShellName) : 'other'
}

function defaultOf(job: Job): ShellName {
  if (job.container !== null) return 'sh'
  const system = systemOf(job)
  return system === 'windows' ? 'pwsh' : system === 'unix' ? 'bash' : system
}

/** The system of the job's container or runner, as far as its labels say. */
export function systemOf({ runsOn, container }: Job): System {
  // What an expression gives may be no container.
  if (container !== null) return hasExpression(container.image?.text ?? '') ? 'unknown' : 'unix'
  if (runsOn === null) return 'unknown'
  const labels = [...runsOn.labels, ...runsOn.matrixLabels].map(({ text }) => text)
  const unanswered = runsOn.expressions.length > 0 && runsOn.matrixLabels.length === 0
  if (labels.some((label) => label.toLowerCase() === 'self-hosted')) return unanswered ? 'unknown' : ofSet(labels)
  const systems = new Set(labels.map((label) => ofSet([label])))
  if (systems.size > 1) return systems.has('windows') ? 'mixed' : 'unknown'
  return unanswered ? 'unknown' : ([...systems][0] ?? 'unknown')
}

function ofSet(labels: readonly string[]): System {
  if (labels.some((label) => WINDOWS.test(label))) return 'windows'
  return labels.some((label) => UNIX.test(label)) ? 'unix' : 'unknown'
}
