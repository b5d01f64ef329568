// Which commands of a script print into the log: those whose output nothing takes, group and loop included.
import type { Command } from './commands.ts'
import { programOf } from './step-commands.ts'

const PRINTERS = /^(?:echo|printf|write-output|write-host)$/
/** A group or a loop that is itself redirected: what stands in it is not printed. */
const REDIRECTED_GROUP = /^[ \t]*(?:\}|\)|done|fi)\s*(?:>|\||2>)/m

/** Whether the command prints its arguments, wherever that goes. */
export const isPrinter = (command: Command): boolean => PRINTERS.test(programOf(command))

/** Whether what a command of the script prints can be in the log, unless the command itself is redirected. */
export function isInLog({ depth, end }: Command, script: string): boolean {
  return depth === 0 && !REDIRECTED_GROUP.test(script.slice(end))
}
