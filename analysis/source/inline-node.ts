// What may be a value or a key in block context and is not plain: a quoted scalar, an alias, a flow collection.
import type { Scanner } from './scanner.ts'
import type { TreeNode } from './tree.ts'
import { ASTERISK, BRACE_OPEN, BRACKET_OPEN, COLON, DOUBLE_QUOTE, SINGLE_QUOTE, isSpace } from './characters.ts'
import { flowCollection } from './flow-collection.ts'
import { readAlias } from './properties.ts'
import { quotedScalar } from './quoted-scalar.ts'
import { Scalar } from './tree.ts'

export function startsInlineNode(unit: number): boolean {
  return unit === DOUBLE_QUOTE || unit === SINGLE_QUOTE || unit === ASTERISK || unit === BRACKET_OPEN || unit === BRACE_OPEN
}

/** The node at the position, in a block of column `indent`. After a problem that ends it, the position is where the block goes on. */
export function inlineNode(s: Scanner, indent: number): TreeNode {
  const start = s.pos
  switch (s.text.charCodeAt(start)) {
    case ASTERISK:
      return readAlias(s)
    case BRACKET_OPEN:
    case BRACE_OPEN:
      return flowCollection(s, indent)
    default: {
      const scalar = quotedScalar(s, indent)
      if (scalar !== null) return scalar
      s.recover(indent)
      return Scalar.empty(s.text, start)
    }
  }
}

/** True when `node`, just read, is a key: a colon follows on its line. The position is then on the colon. */
export function isKey(s: Scanner, node: TreeNode): boolean {
  if (s.pos !== node.end) return false
  const at = s.pastBlanks(s.pos)
  if (s.text.charCodeAt(at) !== COLON || !isSpace(s.text.charCodeAt(at + 1))) return false
  s.pos = at
  return true
}

/** Reports a key that began on another line than its colon. */
export function checkOneLine(s: Scanner, node: TreeNode): void {
  if (node.start >= s.line) return
  s.problem('syntax', `the key \`${s.excerpt(node.start, node.end)}\` goes over several lines: write it on one line`, node.start, s.pos)
}
