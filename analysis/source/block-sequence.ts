// Reads a block sequence: lines of one column that begin with `- `.
import type { Scanner } from './scanner.ts'
import type { TreeNode } from './tree.ts'
import { DASH } from './characters.ts'
import { blockNode } from './block-node.ts'
import { wrongIndent, trailingText } from './block-problems.ts'
import { Scalar, Sequence } from './tree.ts'

/** The sequence whose first dash stands at the position, in column `column`. */
export function blockSequence(s: Scanner, column: number): Sequence {
  const sequence = new Sequence(s.pos, false)
  for (;;) {
    const item = sequenceItem(s, column)
    sequence.items.push(item)
    sequence.end = item.end
    s.skip()
    if (s.pos < s.length && item.end > s.line) trailingText(s, item, column)
    while (s.pos < s.length && s.pos - s.line > column) wrongIndent(s, column)
    if (s.pos >= s.length || s.pos - s.line < column || !s.atIndicator(DASH)) return sequence
  }
}

function sequenceItem(s: Scanner, column: number): TreeNode {
  const dash = s.pos++
  const crossed = s.skip()
  const at = s.pos - s.line
  if (s.pos >= s.length || (crossed && at <= column)) return Scalar.empty(s.text, dash + 1)
  const isTabbed = !crossed && s.tab > dash
  s.dashAtParent = false
  const item = blockNode(s, column, at, true)
  if (isTabbed && (item.kind === 'mapping' || item.kind === 'sequence') && !item.flow) {
    s.problem('tab-indent', `a tab between \`-\` and \`${s.excerpt(item.start)}\` leaves its indentation open: use spaces`, dash, item.start)
  }
  return item
}
