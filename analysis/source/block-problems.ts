// Problems that block mappings and block sequences share, each with the recovery that belongs to it.
import type { Scanner } from './scanner.ts'
import type { TreeNode } from './tree.ts'

/** Text behind a complete value, on its line. */
export function trailingText(s: Scanner, value: TreeNode, column: number): void {
  const at = s.pos
  s.fail(`\`${s.excerpt(at)}\` follows the value \`${s.excerpt(value.start, value.end)}\` on its line: remove it, or quote the whole value`, at, column)
}

/** A line that is deeper than the block at `column` that should go on here. */
export function wrongIndent(s: Scanner, column: number): void {
  const at = s.pos
  const found = spaces(at - s.line)
  s.fail(`\`${s.excerpt(at)}\` is indented by ${found}, which fits no block around it: the nearest has ${spaces(column)}`, at, column)
}

function spaces(count: number): string {
  if (count === 0) return 'no spaces'
  return count === 1 ? '1 space' : `${count} spaces`
}
