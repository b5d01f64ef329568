// Commands that put a secret into the log: `echo "$TOKEN"`, the same through an encoder, and `set -x` before a command that names
// one. Leaves out what is redirected or captured, and masks.
import type { Command } from './commands.ts'
import type { StepCommands } from './step-commands.ts'
import { isPrinter, redirectedUntil } from './printing.ts'
import { programOf } from './step-commands.ts'

export interface SecretCommand {
  readonly kind: 'printed' | 'encoded' | 'traced'
  readonly command: Command
  /** As far as a message quotes it. */
  readonly text: string
}

const ENCODERS = /^(?:base64|base32|xxd|od|hexdump|rev|tr|sed|fold|cut|gzip)$/
const MASK = '::add-mask::'

/** Of each kind the first that the script has. */
export function secretCommands(script: StepCommands, namesSecret: (command: Command) => boolean): readonly SecretCommand[] {
  const kinds = new Map<SecretCommand['kind'], SecretCommand>()
  for (const found of allSecretCommands(script, namesSecret)) if (!kinds.has(found.kind)) kinds.set(found.kind, found)
  return [...kinds.values()]
}

function allSecretCommands({ script, commands }: StepCommands, namesSecret: (command: Command) => boolean): readonly SecretCommand[] {
  const found: SecretCommand[] = []
  const redirected = redirectedUntil(script.text)
  let tracing: Command | null = null
  for (const [index, command] of commands.entries()) {
    const program = programOf(command)
    const options = command.words.slice(1).map(({ text }) => text)
    if (program === 'set') {
      if (options.some((option) => /^-[a-wyz]*x/.test(option)) || isPair(options, '-o')) tracing = command
      else if (options.some((option) => /^\+[a-z]*x/.test(option)) || isPair(options, '+o')) tracing = null
    }
    if (!namesSecret(command)) continue
    if (tracing !== null) {
      found.push({ kind: 'traced', command: tracing, text: textOf(tracing) })
      tracing = null
    }
    if (!isPrinter(command) || command.depth > 0 || command.end < redirected || !namesSecret(withoutSubstitutions(command)) || options.some((option) => option.startsWith(MASK))) continue
    const next = commands[index + 1]
    if (!command.isRedirected) found.push({ kind: 'printed', command, text: program })
    else if (next !== undefined && ENCODERS.test(programOf(next)) && /^\s*\|\s*$/.test(script.text.slice(command.end, next.start)) && isShown(next, script.text)) {
      found.push({ kind: 'encoded', command: next, text: textOf(next) })
    }
  }
  return found
}

/** What a command inside makes of a secret is another text. */
function withoutSubstitutions(command: Command): Command {
  return { ...command, words: command.words.map((word) => ({ ...word, text: outside(outside(word.text, '$(', ')'), '`', '`') })) }
}

function outside(text: string, open: string, close: string): string {
  const from = text.indexOf(open)
  return from < 0 ? text : `${text.slice(0, from)} ${text.slice(Math.max(from + 1, text.lastIndexOf(close)) + 1)}`
}

const isPair = (options: readonly string[], flag: string): boolean => options[options.indexOf(flag) + 1] === 'xtrace' && options.includes(flag)

/** Nothing takes the output of the last command of a pipe. */
const isShown = ({ start, end }: Command, text: string): boolean => !text.slice(start, end).includes('>') && !/^\s*[|>)]/.test(text.slice(end))

const textOf = ({ words }: Command): string => words.slice(0, 3).map(({ text }) => text).join(' ')
