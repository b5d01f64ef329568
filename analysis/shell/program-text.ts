// Variables that the shell puts into the program text of `sed` or `awk`, where they are no data: sed has a command that runs
// others, awk a function. Leaves out variables that awk is given with -v, program files, and what single quotes keep.
import type { Command, Word } from './commands.ts'
import type { ExecutedVariables } from './executed-variable.ts'
import type { StepCommands } from './step-commands.ts'
import { programOf } from './step-commands.ts'

interface Options {
  /** What the program text follows; with one of `files` it stands in a file. */
  readonly text: RegExp
  readonly files: RegExp
  /** Other options that take the next word. */
  readonly values: RegExp
}

const SED: Options = { text: /^(?:-[a-zA-Z]*e|--expression)$/, files: /^(?:-[a-zA-Z]*f|--file)$/, values: /^(?:-l|--line-length)$/ }
const AWK: Options = { text: /^(?:-e|--source)$/, files: /^(?:-f|--file)$/, values: /^(?:-v|-F|--assign|--field-separator)$/ }
const PROGRAMS: Readonly<Record<string, Options>> = { sed: SED, gsed: SED, awk: AWK, gawk: AWK, mawk: AWK }

export function programVariables({ script, commands }: StepCommands): readonly ExecutedVariables[] {
  return commands.flatMap((command): ExecutedVariables[] => {
    const program = programOf(command)
    const options = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined
    if (options === undefined) return []
    const variables = textsOf(command, options).filter(({ isLiteral }) => !isLiteral).flatMap(({ start, end }) => expandedNames(script.text.slice(start, end)))
    return variables.length === 0 ? [] : [{ command, program, variables }]
  })
}

function textsOf({ words }: Command, { text, files, values }: Options): readonly Word[] {
  const rest = words.slice(1)
  const named = rest.filter((word, index) => text.test(rest[index - 1]?.text ?? '') || /^--(?:expression|source)=/.test(word.text))
  if (named.length > 0 || rest.some((word) => files.test(word.text) || word.text.startsWith('--file='))) return named
  const first = rest.find((word, index) => !word.text.startsWith('-') && !values.test(rest[index - 1]?.text ?? ''))
  return first === undefined ? [] : [first]
}

const PART = /"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^"'\\]+/gs

/** The names behind `$` in a word as it is written, those that quotes or a backslash keep left out. */
function expandedNames(word: string): readonly string[] {
  const open = (word.match(PART) ?? []).filter((part) => !part.startsWith("'") && !part.startsWith('\\')).join('')
  return [...open.replace(/\\./gs, '').replace(/\$\{\{.{0,500}?\}\}/g, '').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
}
