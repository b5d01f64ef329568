// Commands that print their arguments, and how far a script's groups and loops are redirected, so that nothing in them is in the log.
import type { Command } from './commands.ts'
import { programOf } from './step-commands.ts'

const PRINTERS = /^(?:echo|printf|write-output|write-host)$/
const REDIRECTED_GROUP = /^[ \t]*(?:\}|\)|done|fi)[ \t]*(?:>|\||2>)/gm

/** Whether the command prints its arguments, wherever that goes. */
export const isPrinter = (command: Command): boolean => PRINTERS.test(programOf(command))

/** Where the last redirected group ends: what stands before it may be in the group. */
export function redirectedUntil(script: string): number {
  return [...script.matchAll(REDIRECTED_GROUP)].at(-1)?.index ?? -1
}
