// Reads a block mapping: lines of one column that are `key: value`, or `? key` and `: value`.
import type { Scanner } from './scanner.ts'
import type { TreeNode } from './tree.ts'
import { AMPERSAND, AT, BACKTICK, BANG, BRACE_CLOSE, BRACKET_CLOSE, COLON, COMMA, DASH, GREATER, PERCENT, PIPE, QUESTION, isSpace } from './characters.ts'
import { blockNode } from './block-node.ts'
import { trailingText, wrongIndent } from './block-problems.ts'
import { checkOneLine, inlineNode, isKey, startsInlineNode } from './inline-node.ts'
import { asKey, checkKey } from './keys.ts'
import { plainLine } from './plain-scalar.ts'
import { attach, readProperties } from './properties.ts'
import { KeyValue, Mapping, Scalar } from './tree.ts'

/**
 * The mapping in column `column`. With `firstKey`, which is already read, the position is on that key's colon; without, it is on
 * the `?` of an explicit key.
 */
export function blockMapping(s: Scanner, column: number, start: number, firstKey: Scalar | null): Mapping {
  const mapping = new Mapping(start, false)
  let seen: Set<string> | null = null
  let key = firstKey ?? explicitKey(s, column)
  for (;;) {
    if (key !== null) {
      seen = checkKey(s, mapping.pairs, seen, key)
      const pair = readPair(s, key, column)
      mapping.pairs.push(pair)
      mapping.end = pair.value.end
      s.skip()
      if (s.pos < s.length && mapping.end > s.line) trailingText(s, pair.value, column)
    }
    while (s.pos < s.length && s.pos - s.line > column) wrongIndent(s, column)
    if (s.pos >= s.length || s.pos - s.line < column || s.atDocumentMark()) return mapping
    key = nextKey(s, column)
  }
}

/** The pair of `key`. The position is on its colon; an explicit key may have none. */
function readPair(s: Scanner, key: Scalar, column: number): KeyValue {
  const colon = s.pos
  if (!s.atIndicator(COLON) || colon - s.line < column) return new KeyValue(key, Scalar.empty(s.text, key.end), key.end)
  // A colon in the mapping's own column follows an explicit key: a block collection may begin on its line. (An empty key starts on it.)
  const open = colon - s.line === column && key.start !== colon
  s.pos++
  const crossed = s.skip()
  const at = s.pos - s.line
  let value: TreeNode
  s.dashAtParent = true
  if (s.pos >= s.length) value = Scalar.empty(s.text, colon + 1)
  else if (!crossed) value = blockNode(s, column, at, open)
  else if (at > column || (at === column && s.atIndicator(DASH))) value = blockNode(s, column, at, true)
  else value = Scalar.empty(s.text, colon + 1)
  return new KeyValue(key, value, colon)
}

/** The key at the position, which then is on its colon. Null after a problem: the position is at the next line to look at. */
function nextKey(s: Scanner, column: number): Scalar | null {
  const start = s.pos
  const unit = s.text.charCodeAt(start)
  switch (unit) {
    case DASH:
    case QUESTION:
    case COLON:
      if (!isSpace(s.text.charCodeAt(start + 1))) break
      if (unit === QUESTION) return explicitKey(s, column)
      return unit === COLON ? Scalar.empty(s.text, start) : notAKey(s, start, column)
    case AMPERSAND:
    case BANG:
      return keyWithProperties(s, column)
    case AT:
    case BACKTICK:
    case PERCENT:
    case COMMA:
    case BRACKET_CLOSE:
    case BRACE_CLOSE:
    case PIPE:
    case GREATER:
      return notAKey(s, start, column)
  }
  if (startsInlineNode(unit)) {
    const node = inlineNode(s, column)
    if (isKey(s, node)) {
      checkOneLine(s, node)
      return asKey(s, node)
    }
    // A node that was broken off has recovered already.
    return s.pos === node.end ? notAKey(s, start, column) : null
  }
  const end = plainLine(s)
  return s.text.charCodeAt(s.pos) === COLON ? new Scalar(s.text, 'plain', start, end, null) : notAKey(s, start, column)
}

function keyWithProperties(s: Scanner, column: number): Scalar | null {
  const properties = readProperties(s)
  s.pos = s.pastBlanks(s.pos)
  const unit = s.text.charCodeAt(s.pos)
  if (unit === AMPERSAND || unit === BANG || s.atIndicator(DASH) || s.atIndicator(QUESTION)) return notAKey(s, properties.start, column)
  const key = nextKey(s, column)
  if (key !== null) attach(s, properties, key)
  return key
}

/** The key behind `?`. The position is then on the colon of its value, if it has one. */
function explicitKey(s: Scanner, column: number): Scalar | null {
  const mark = s.pos++
  const crossed = s.skip()
  const at = s.pos - s.line
  s.dashAtParent = true
  const isThere = s.pos < s.length && (!crossed || at > column || (at === column && s.atIndicator(DASH)))
  const node = isThere ? blockNode(s, column, at, true) : Scalar.empty(s.text, mark + 1)
  s.skip()
  if (s.pos < s.length && node.end > s.line) trailingText(s, node, column)
  while (s.pos < s.length && s.pos - s.line > column) wrongIndent(s, column)
  return asKey(s, node)
}

function notAKey(s: Scanner, start: number, column: number): null {
  const isItem = s.text.charCodeAt(start) === DASH && isSpace(s.text.charCodeAt(start + 1))
  const right = isItem ? 'indent the list deeper than its key, or remove this line' : 'write `key: value`, or indent a text deeper than its key'
  s.fail(`\`${s.excerpt(start)}\` stands where a key is expected: ${right}`, start, column)
  return null
}
