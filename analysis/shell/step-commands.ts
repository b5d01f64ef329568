// The commands of a step's script, read once for every rule that asks. PowerShell's plain commands read like a POSIX shell's;
// scripts of other programs, and those too long for a person to have written, have none.
import type { ScalarNode } from '../source/node.ts'
import type { Step } from '../workflow/step.ts'
import type { Command } from './commands.ts'
import type { Script } from './script.ts'
import type { Range } from '../rules/rule.ts'
import { commandsIn } from './commands.ts'
import { scriptOf } from './script.ts'
import { shellOf } from './step-shell.ts'

export interface StepCommands {
  readonly script: Script
  readonly commands: readonly Command[]
  /** Where a command stands in the file. */
  rangeOf(command: Command): Range
}

/** In characters. */
const MAX_SCRIPT = 65_536

const known = new WeakMap<ScalarNode, StepCommands | null>()

/** Null for a step without a script that can be read. `mentions` is a cheap look at the script first: without a match nothing is parsed. */
export function commandsOf(step: Step, mentions: RegExp): StepCommands | null {
  const { run } = step
  if (run === null || run.text.length > MAX_SCRIPT || !mentions.test(run.text)) return null
  let commands = known.get(run)
  if (commands === undefined) {
    commands = read(step, run)
    known.set(run, commands)
  }
  return commands
}

function read(step: Step, run: ScalarNode): StepCommands | null {
  const shell = shellOf(step)
  if (shell === 'python' || shell === 'cmd' || shell === 'other') return null
  const script = scriptOf(step.file.text, run)
  const commands = commandsIn(script.text)
  return { script, commands, rangeOf: ({ start, end }) => ({ start: script.offsetOf(start), end: script.offsetOf(end) }) }
}

/** The program without its folder and `.exe`, in lower case: `/usr/bin/pip3` is `pip3`. */
export function programOf({ words }: Command): string {
  const text = words[0]?.text ?? ''
  return text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1).replace(/\.exe$/i, '').toLowerCase()
}
