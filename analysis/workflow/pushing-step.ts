// Steps that push with the credentials that a checkout left: given a token or key of its own, a checkout is there for that.
// Leaves out pushes to an address that is written out, which has its own credentials, and what programs of the repository do.
import type { Command } from '../shell/commands.ts'
import type { Step } from './step.ts'
import { isOtherToken } from '../permissions/token-access.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { inputOf } from './step-input.ts'

/** Actions that commit and push with what the checkout left. */
const PUSHERS: ReadonlySet<string> = new Set(['stefanzweifel/git-auto-commit-action', 'endbug/add-and-commit'])

/** The first of the later steps that pushes with the checkout's own token or key; undefined where the checkout has the job's token. */
export function pushOf(checkout: Step, later: readonly Step[]): Step | undefined {
  if (!isOtherToken(inputOf(checkout, 'token')?.text ?? '') && inputOf(checkout, 'ssh-key') === null) return undefined
  const folder = (inputOf(checkout, 'path')?.text ?? '').replace(/^\.\/|\/+$/g, '')
  return later.find((step) => pushes(step) && (folder === '' || isIn(step, folder)))
}

function pushes(step: Step): boolean {
  if (step.uses !== null) return PUSHERS.has(step.uses.name.toLowerCase())
  return commandsOf(step, /\bgit\b[^\n]*\bpush\b/)?.commands.some(isPush) === true
}

function isPush(command: Command): boolean {
  const words = command.words.slice(1).map(({ text }) => text)
  return programOf(command) === 'git' && words.includes('push') && !words.some((word) => word.includes('://'))
}

const isIn = (step: Step, folder: string): boolean =>
  step.workingDirectory?.text.includes(folder) === true || step.run?.text.includes(folder) === true || inputOf(step, 'repository')?.text.includes(folder) === true
