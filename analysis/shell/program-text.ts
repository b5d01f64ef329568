// The program text of `sed` and `awk`: what stands in it is no data, for sed has a command that runs others, and awk a function.
// Leaves out program files, and variables that awk is given with -v.
import type { Command, Word } from './commands.ts'

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

/** The words of a command that are its program; null when it is neither sed nor awk. */
export function programTexts(command: Command, program: string): readonly Word[] | null {
  const options = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined
  return options === undefined ? null : textsOf(command, options)
}

function textsOf({ words }: Command, { text, files, values }: Options): readonly Word[] {
  const rest = words.slice(1)
  const named = rest.filter((word, index) => text.test(rest[index - 1]?.text ?? '') || /^--(?:expression|source)=/.test(word.text))
  if (named.length > 0 || rest.some((word) => files.test(word.text) || word.text.startsWith('--file='))) return named
  const first = rest.find((word, index) => !word.text.startsWith('-') && !values.test(rest[index - 1]?.text ?? ''))
  return first === undefined ? [] : [first]
}
