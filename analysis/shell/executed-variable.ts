// Commands of a POSIX script that run the text of variables: `eval "$X"`, `bash -c "$X"`, and `echo "$X"` in a pipe into an
// interpreter or a program that applies patches. Leaves out what goes through a file, and other programs in the pipe.
import type { Command } from './commands.ts'
import type { StepCommands } from './step-commands.ts'
import { programOf } from './step-commands.ts'

export interface ExecutedVariables {
  readonly command: Command
  readonly program: string
  /** Without `$`, as far as the words name them. */
  readonly variables: readonly string[]
}

const INTERPRETER = /^(?:ba|z|da|k|a)?sh$|^(?:python[\d.]*|node|ruby|perl|php|pwsh|source|\.)$/
const CODE_FLAG = /^-(?:\w*c|e|Command)$/
const PRINTS = /^(?:echo|printf)$/
const VARIABLE = /\$\{?([A-Za-z_]\w*)/g

export function executedVariables({ script, commands }: StepCommands): readonly ExecutedVariables[] {
  return commands.flatMap((command, index): ExecutedVariables[] => {
    const program = programOf(command)
    const variables = variablesIn(command)
    if (program === 'eval') return variables.length === 0 ? [] : [{ command, program, variables }]
    if (INTERPRETER.test(program)) {
      const flag = command.words.findIndex(({ text }) => CODE_FLAG.test(text))
      const code = flag < 0 ? [] : namesIn(command.words[flag + 1]?.text ?? '')
      if (code.length > 0) return [{ command, program, variables: code }]
    }
    const document = appliesInput(command, program) ? namesIn(/<<<\s*(\S+)/.exec(script.text.slice(command.start, command.end))?.[1] ?? '') : []
    if (document.length > 0) return [{ command, program, variables: document }]
    const next = PRINTS.test(program) && variables.length > 0 ? commands[index + 1] : undefined
    if (next === undefined || !/^\s*\|&?\s*(?:sudo\s+)?$/.test(script.text.slice(command.end, next.start))) return []
    return appliesInput(next, programOf(next)) ? [{ command: next, program: programOf(next), variables }] : []
  })
}

/** Whether what comes in is run, or changes the files of the workspace. */
function appliesInput({ words }: Command, program: string): boolean {
  const operands = words.slice(1).map(({ text }) => text)
  if (program === 'patch') return true
  if (program === 'git') return operands[0] === 'apply' || operands[0] === 'am'
  return INTERPRETER.test(program) && operands.every((text) => text.startsWith('-') && !CODE_FLAG.test(text))
}

const variablesIn = ({ words }: Command): readonly string[] => words.slice(1).flatMap(({ text }) => namesIn(text))

const namesIn = (text: string): readonly string[] => [...text.replace(/\$\{\{.{0,500}?\}\}/g, '').matchAll(VARIABLE)].map(([, name = '']) => name)
