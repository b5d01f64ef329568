// What changed in a repository since a git ref, as lines of the files in the working tree. Asks git; a file that git does not
// track yet is new from its first line to its last.
import type { Position } from '../analysis/finding.ts'
import type { World } from './world.ts'
import { askingGit, resolveCommit } from './ask-git.ts'

export interface ChangedLines {
  /** Whether a place touches a changed line; a place without extent at the start of a file stands for the file. */
  has(path: string, start: Position, end: Position): boolean
}

/** First and last line, 1-based, of one change. */
type Span = readonly [first: number, last: number]

const EVERY_LINE: readonly Span[] = [[1, Infinity]]

/** Compares with the point where the ref and the current commit parted. Throws UsageError: no git, no repository, no such ref. */
export function readChangedLines(world: Pick<World, 'git'>, root: string, ref: string): ChangedLines {
  const option = '--changed-since'
  const commit = resolveCommit(world, root, { ref, option })
  const ask = askingGit(world, root, option)
  // Without a common commit (a shallow clone, another history) the ref itself is compared.
  const base = ask('merge-base', commit, 'HEAD')?.trim() ?? commit
  const diff = ask('diff', '--relative', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/', base)
  const untracked = ask('ls-files', '--others', '--exclude-standard', '-z')
  if (diff === null || untracked === null) throw new Error(`git could not compare '${ref}' with the working tree of '${root}'`)
  const changes = parseDiff(diff)
  for (const path of untracked.split('\0')) if (path !== '') changes.set(path, EVERY_LINE)
  return {
    has(path, start, end) {
      const spans = changes.get(path)
      if (spans === undefined) return false
      const isWhole = start.line === 1 && start.column === 1 && end.line === 1 && end.column === 1
      return isWhole || spans.some(([first, last]) => start.line <= last && end.line >= first)
    },
  }
}

/** Of a diff without context. What was only removed counts as a change of the two lines that now meet. */
function parseDiff(diff: string): Map<string, readonly Span[]> {
  const changes = new Map<string, readonly Span[]>()
  let spans: Span[] = []
  let left = 0
  for (const line of diff.split('\n')) {
    // Content looks like a header when it wants to: the counts of the hunk say where it ends.
    if (left > 0 && (line.startsWith('+') || line.startsWith('-'))) {
      left--
      continue
    }
    if (line.startsWith('+++ ')) {
      spans = []
      const path = unquote(line.slice(4).replace(/\t$/, ''))
      if (path.startsWith('b/')) changes.set(path.slice(2), spans)
      continue
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (hunk === null) continue
    const first = Number(hunk[2])
    const count = Number(hunk[3] ?? 1)
    left = Number(hunk[1] ?? 1) + count
    spans.push(count === 0 ? [first, first + 1] : [first, first + count - 1])
  }
  return changes
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

/** git quotes a path with control characters, quotes or backslashes as C does. */
function unquote(path: string): string {
  if (!path.startsWith('"')) return path
  return path.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, code: string) => (code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (ESCAPES[code] ?? code)))
}
