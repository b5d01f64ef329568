// Reads a node in block context: decides by its first unit what it is, and whether a scalar is a value or the first key of a
// mapping. After a problem the position is at the next line of the parent's column or left of it, and a stand-in is returned.
import type { Scanner } from './scanner.ts'
import type { Properties } from './properties.ts'
import type { TreeNode } from './tree.ts'
import { AMPERSAND, AT, BACKTICK, BANG, BRACE_CLOSE, BRACKET_CLOSE, COLON, COMMA, DASH, GREATER, HASH, PERCENT, PIPE, QUESTION, isSpace } from './characters.ts'
import { blockMapping } from './block-mapping.ts'
import { blockScalar } from './block-scalar.ts'
import { blockSequence } from './block-sequence.ts'
import { checkOneLine, inlineNode, isKey, startsInlineNode } from './inline-node.ts'
import { asKey } from './keys.ts'
import { plainLine, plainScalar } from './plain-scalar.ts'
import { attach, readProperties } from './properties.ts'
import { MAX_DEPTH, tooDeep } from './scanner.ts'
import { Scalar } from './tree.ts'

/**
 * The node at the position. `indent` is the parent's column (-1 for the root), `column` the node's own; a block collection may
 * begin here only when `open`.
 */
export function blockNode(s: Scanner, indent: number, column: number, open: boolean): TreeNode {
  if (s.depth >= MAX_DEPTH) {
    const at = s.pos
    s.problem('too-deep', tooDeep(), at, s.lineContentEnd(at))
    s.recover(indent)
    return Scalar.empty(s.text, at)
  }
  s.depth++
  const unit = s.text.charCodeAt(s.pos)
  const node = unit === AMPERSAND || unit === BANG ? withProperties(s, indent, column, open) : content(s, indent, column, open, null)
  s.depth--
  return node
}

/** A node with an anchor or a tag. On the line of a first key they belong to that key, on a line of their own to the whole node. */
function withProperties(s: Scanner, indent: number, column: number, open: boolean): TreeNode {
  const { dashAtParent } = s
  const properties = readProperties(s)
  const behind = s.pos
  if (!isSpace(s.text.charCodeAt(behind))) {
    s.fail(`\`${s.excerpt(properties.start)}\`: a space must follow an anchor or a tag`, properties.start, indent)
    return Scalar.empty(s.text, behind)
  }
  const crossed = s.skip()
  if (s.pos >= s.length || s.atDocumentMark()) return attached(s, properties, Scalar.empty(s.text, behind))
  if (!crossed) return content(s, indent, column, open, properties)
  const at = s.pos - s.line
  const isDeeper = at > indent || (at === indent && dashAtParent && s.atIndicator(DASH))
  return attached(s, properties, isDeeper ? blockNode(s, indent, at, true) : Scalar.empty(s.text, behind))
}

function attached(s: Scanner, properties: Properties | null, node: TreeNode): TreeNode {
  if (properties !== null) attach(s, properties, node)
  return node
}

/** What stands behind the properties, if there are any. */
function content(s: Scanner, indent: number, column: number, open: boolean, properties: Properties | null): TreeNode {
  const start = s.pos
  const unit = s.text.charCodeAt(start)
  switch (unit) {
    case DASH:
    case QUESTION:
    case COLON:
      if (!isSpace(s.text.charCodeAt(start + 1))) break
      if (!open || (properties !== null && unit !== COLON)) return misplaced(s, indent)
      if (unit === DASH) return blockSequence(s, column)
      return unit === QUESTION ? blockMapping(s, column, start, null) : mappingFrom(s, column, Scalar.empty(s.text, start), properties)
    case PIPE:
    case GREATER:
      return attached(s, properties, blockScalarOrNothing(s, indent))
    case AMPERSAND:
    case BANG:
    case AT:
    case BACKTICK:
    case PERCENT:
    case COMMA:
    case HASH:
    case BRACKET_CLOSE:
    case BRACE_CLOSE:
      s.fail(`\`${s.excerpt(start)}\` cannot begin with \`${s.text.charAt(start)}\`: quote the text`, start, indent)
      return attached(s, properties, Scalar.empty(s.text, start))
  }
  if (startsInlineNode(unit)) {
    const node = inlineNode(s, indent)
    if (!isKey(s, node)) return attached(s, properties, node)
    if (!open) return keyInValue(s, start, indent)
    checkOneLine(s, node)
    return mappingFrom(s, column, asKey(s, node), properties)
  }
  const end = plainLine(s)
  if (s.text.charCodeAt(s.pos) !== COLON) return attached(s, properties, plainScalar(s, start, end, indent))
  return open ? mappingFrom(s, column, new Scalar(s.text, 'plain', start, end, null), properties) : keyInValue(s, start, indent)
}

/** The mapping whose first key was just read; the position is on its colon. */
function mappingFrom(s: Scanner, column: number, key: Scalar, properties: Properties | null): TreeNode {
  if (properties !== null) attach(s, properties, key)
  return blockMapping(s, column, properties === null ? key.start : properties.start, key)
}

function blockScalarOrNothing(s: Scanner, indent: number): Scalar {
  const start = s.pos
  const scalar = blockScalar(s, indent)
  if (scalar !== null) return scalar
  s.recover(indent)
  return Scalar.empty(s.text, start)
}

/** `- x`, `? x` or `: x` where no block collection may begin. */
function misplaced(s: Scanner, indent: number): Scalar {
  const start = s.pos
  const what = s.text.charCodeAt(start) === DASH ? 'a list begins' : 'a mapping begins'
  s.fail(`\`${s.excerpt(start)}\`: ${what} on the line of its key: begin it on the next line, or quote the text`, start, indent)
  return Scalar.empty(s.text, start)
}

/** `a: b: c` on one line: reported, and the rest of the line is kept as a text. */
function keyInValue(s: Scanner, start: number, indent: number): Scalar {
  const end = s.lineContentEnd(s.pos)
  s.problem('syntax', `\`${s.excerpt(start, end)}\` has a colon followed by a space, which begins a value: quote the text, or put the key on a line of its own`, start, end)
  s.recover(indent)
  return new Scalar(s.text, 'plain', start, end, null)
}
