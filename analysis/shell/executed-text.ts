// Text of a POSIX script that a command runs: `eval "$X"`, `bash -c "$X"`, `echo "$X"` in a pipe into an interpreter or a program
// that applies patches, and the programs of sed and awk. Leaves out what goes through a file, and other programs in the pipe.
import type { Command } from './commands.ts'
import type { Range } from '../rules/rule.ts'
import type { StepCommands } from './step-commands.ts'
import { programTexts } from './program-text.ts'
import { programOf } from './step-commands.ts'

export interface ExecutedText {
  readonly command: Command
  readonly program: string
  /** Offsets in the script. */
  readonly texts: readonly Range[]
  /** Names behind `$` that the shell puts into the texts. */
  readonly variables: readonly string[]
}

const INTERPRETER = /^(?:ba|z|da|k|a)?sh$|^(?:python[\d.]*|node|ruby|perl|php|pwsh|source|\.)$/
const CODE_FLAG = /^-(?:\w*c|e|Command)$/
const PRINTS = /^(?:echo|printf)$/

const known = new WeakMap<StepCommands, readonly ExecutedText[]>()

export function executedTexts(script: StepCommands): readonly ExecutedText[] {
  let texts = known.get(script)
  if (texts === undefined) known.set(script, (texts = read(script)))
  return texts
}

function read({ script, commands }: StepCommands): readonly ExecutedText[] {
  return commands.flatMap((command, index): ExecutedText[] => {
    const found = ofCommand(command, script.text) ?? ofPipe(command, commands[index + 1], script.text)
    if (found === null || found.texts.length === 0) return []
    return [{ ...found, variables: [...new Set(found.texts.flatMap(({ start, end }) => expandedNames(script.text.slice(start, end))))] }]
  })
}

type Found = Omit<ExecutedText, 'variables'>

function ofCommand(command: Command, script: string): Found | null {
  const program = programOf(command)
  if (program === 'eval') return { command, program, texts: command.words.slice(1) }
  const texts = programTexts(command, program)
  if (texts !== null) return { command, program, texts }
  if (INTERPRETER.test(program)) {
    const flag = command.words.findIndex(({ text }) => CODE_FLAG.test(text))
    const code = flag < 0 ? undefined : command.words[flag + 1]
    if (code !== undefined) return { command, program, texts: [code] }
  }
  const document = appliesInput(command, program) ? /<<<\s*\S+/.exec(script.slice(command.start, command.end)) : null
  const start = command.start + (document?.index ?? 0)
  return document === null ? null : { command, program, texts: [{ start, end: start + document[0].length }] }
}

function ofPipe(command: Command, next: Command | undefined, script: string): Found | null {
  if (next === undefined || !PRINTS.test(programOf(command)) || !/^\s*\|&?\s*(?:sudo\s+)?$/.test(script.slice(command.end, next.start))) return null
  return appliesInput(next, programOf(next)) ? { command: next, program: programOf(next), texts: command.words.slice(1) } : null
}

/** Whether what comes in is run, or changes the files of the workspace. */
function appliesInput({ words }: Command, program: string): boolean {
  const operands = words.slice(1).map(({ text }) => text)
  if (program === 'patch') return true
  if (program === 'git') return operands[0] === 'apply' || operands[0] === 'am'
  return INTERPRETER.test(program) && operands.every((text) => text.startsWith('-') && !CODE_FLAG.test(text))
}

const PART = /"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^"'\\]+/gs

/** The names behind `$` in a word as it is written; what quotes or a backslash keep from the shell is left out. */
function expandedNames(word: string): readonly string[] {
  const open = (word.match(PART) ?? []).filter((part) => !part.startsWith("'") && !part.startsWith('\\')).join('')
  return [...open.replace(/\\./gs, '').replace(/\$\{\{.{0,500}?\}\}/g, '').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
}
