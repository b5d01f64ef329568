// Who has to review a path by the CODEOWNERS file: of the lines whose pattern covers it the last one counts, and one without owners
// takes them away. Lines that the code host skips do not count. Leaves out whether the named people and teams exist.
import { matchesParts, partsOf } from '../policy/path-glob.ts'

interface Line {
  readonly covers: (path: readonly string[]) => boolean
  readonly hasOwners: boolean
}

/** A user, a team of an organisation, or an address. */
const OWNER = /^(?:@[\w.-]+(?:\/[\w.-]+)?|[^@\s]+@[^@\s]+)$/
/** Words; a backslash keeps a space in one. */
const WORD = /(?:\\.|\S)+/g

/** Whether a path (relative to the repository, with `/`) has an owner by the text of a CODEOWNERS file. A question may cost a look at every line. */
export function createHasOwner(text: string): (path: string) => boolean {
  const lines = text.split('\n').flatMap(readLine).reverse()
  return (path) => {
    const parts = path.split('/')
    return lines.find(({ covers }) => covers(parts))?.hasOwners === true
  }
}

export const isOwner = (text: string): boolean => OWNER.test(text)

/** A path as a pattern that covers it and nothing else; null where it cannot be written as one. */
export const patternOf = (path: string): string | null => (/[*?[\]!#\\\n\r\t]/.test(path) ? null : path.replaceAll(' ', '\\ '))

function readLine(line: string): readonly Line[] {
  const words = line.match(WORD) ?? []
  const comment = words.findIndex((word) => word.startsWith('#'))
  const [pattern, ...owners] = comment < 0 ? words : words.slice(0, comment)
  // Neither negations nor ranges of characters are known there, and one wrong owner spoils the line.
  if (pattern === undefined || /^!|[[\]]/.test(pattern) || !owners.every(isOwner)) return []
  return [{ covers: createCovers(pattern.replaceAll('\\ ', ' ')), hasOwners: owners.length > 0 }]
}

/** As in .gitignore: a slash before the last character ties the pattern to the top; a folder covers all below it, `folder/*` only what lies in it. */
function createCovers(pattern: string): Line['covers'] {
  if (pattern === '/') return () => false
  if (pattern === '/*') return (path) => path.length === 1
  const isTied = pattern.slice(0, -1).includes('/')
  const parts = partsOf(isTied ? (pattern.endsWith('/*') ? pattern : `${pattern}/`) : `**/${pattern}/`)
  return (path) => matchesParts(parts, path)
}
