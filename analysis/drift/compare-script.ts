// Compares two scripts line by line: a command that is gone or whose failure is dropped is a weaker script, another one is another
// version of it, an added one is the repository's own.
import type { Field } from './compare-fields.ts'
import type { DifferenceKind } from './difference.ts'
import { shorten } from '../shorten.ts'
import { canonicalValue } from './canonical-text.ts'
import { report } from './compare-fields.ts'

/** What drops the result of a command, or of all of them. */
const SWALLOWS = /\|\|\s*(?:true|:|exit\s+0|echo)(?=\s|$)|;\s*(?:true|exit\s+0)\s*$|^(?:set\s+\+(?:e|o\s+pipefail)|exit\s+0|true)\s*$/

/** Reports one difference, the gravest. */
export function compareScript(field: Field): void {
  if (field.expected === null || field.found === null) return
  const [expected, found] = [commandLines(canonicalValue(field.expected)), commandLines(canonicalValue(field.found))]
  const missing = without(expected, found)
  const added = without(found, expected)
  const worst = gravest(missing, added)
  if (worst !== null) report(field, worst.kind, worst.text)
  else if (expected.join('\n') !== found.join('\n')) report(field, 'reordered', 'the same commands in another order')
}

/** Without blank lines, comments and indentation; continued lines are one. */
export const commandLines = (script: string): readonly string[] =>
  script.replace(/\\\n/g, ' ').split('\n').map((line) => line.trim().replace(/\s+/g, ' ')).filter((line) => line !== '' && !line.startsWith('#'))

/** The words of a script, by which it is recognised. */
export const scriptWords = (script: string): ReadonlySet<string> => new Set(commandLines(script).flatMap((line) => line.split(' ')))

interface ScriptDifference {
  readonly kind: DifferenceKind
  readonly text: string
}

function gravest(missing: readonly string[], added: readonly string[]): ScriptDifference | null {
  const swallowed = added.find((line) => SWALLOWS.test(line))
  if (swallowed !== undefined) return { kind: 'weakened', text: `'${shorten(swallowed)}' drops a failure` }
  const gone = missing.find((line) => !added.some((other) => isVersionOf(line, other)))
  if (gone !== undefined) return { kind: 'weakened', text: `the command '${shorten(gone)}' is missing` }
  const [line] = missing
  const other = line === undefined ? undefined : added.find((candidate) => isVersionOf(line, candidate))
  if (line !== undefined) return { kind: 'outdated', text: `'${shorten(other ?? '')}' in place of '${shorten(line)}'` }
  return added[0] === undefined ? null : { kind: 'extra', text: `the command '${shorten(added[0])}' is added` }
}

/** The same program with other words; one that only lost words checks less. */
function isVersionOf(line: string, other: string): boolean {
  const [words, others] = [line.split(' '), other.split(' ')]
  return words[0] === others[0] && !others.every((word) => words.includes(word))
}

/** Each line counts as often as it stands there. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}
