// Reads flow collections, `[a, b]` and `{a: b}`, with everything inside them. A part that cannot be read ends the whole flow
// collection: `broken` is set, every level returns what it has, and the outermost one moves on to the next line of its block.
import type { Scanner } from './scanner.ts'
import type { TreeNode } from './tree.ts'
import { ASTERISK, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, COLON, COMMA, DASH, DOUBLE_QUOTE, QUESTION, SINGLE_QUOTE, isDocumentMark, isSpace, isSpaceOrFlowIndicator } from './characters.ts'
import { asKey, checkKey } from './keys.ts'
import { flowPlainScalar } from './plain-scalar.ts'
import { attach, readAlias, readProperties, startsProperties } from './properties.ts'
import { quotedScalar } from './quoted-scalar.ts'
import { MAX_DEPTH, NO_TABS, tooDeep } from './scanner.ts'
import { KeyValue, Mapping, Scalar, Sequence } from './tree.ts'

/** The flow collection at the position, in a block of column `indent`. */
export function flowCollection(s: Scanner, indent: number): Mapping | Sequence {
  s.tabColumn = indent + 1
  const node = collection(s, indent)
  s.tabColumn = NO_TABS
  if (s.broken) {
    s.broken = false
    s.recover(indent)
  }
  return node
}

function collection(s: Scanner, indent: number): Mapping | Sequence {
  const start = s.pos
  const isMapping = s.text.charCodeAt(start) === BRACE_OPEN
  const node = isMapping ? new Mapping(start, true) : new Sequence(start, true)
  s.pos++
  readEntries(s, node, indent)
  node.end = s.pos
  return node
}

function innerCollection(s: Scanner, indent: number): TreeNode {
  if (s.depth >= MAX_DEPTH) {
    s.problem('too-deep', tooDeep(), s.pos, s.pos + 1)
    s.broken = true
    return Scalar.empty(s.text, s.pos)
  }
  s.depth++
  const node = collection(s, indent)
  s.depth--
  return node
}

function readEntries(s: Scanner, node: Mapping | Sequence, indent: number): void {
  const close = s.text.charCodeAt(node.start) + 2
  let seen: Set<string> | null = null
  while (flowSpace(s, node, indent)) {
    const unit = s.text.charCodeAt(s.pos)
    if (unit === close) {
      s.pos++
      return
    }
    if (unit === COMMA) return breakOff(s, 'a value is missing before this comma: remove the comma', s.pos, s.pos + 1)
    const entry = flowEntry(s, node, indent)
    if (entry !== null) {
      if (node.kind === 'sequence') node.items.push(entry instanceof KeyValue ? pairMapping(entry) : entry)
      else {
        const pair = entry instanceof KeyValue ? entry : keyOnly(s, entry)
        seen = checkKey(s, node.pairs, seen, pair.key)
        node.pairs.push(pair)
      }
    }
    if (s.broken || !flowSpace(s, node, indent)) return
    const next = s.text.charCodeAt(s.pos)
    if (next === COMMA) s.pos++
    else if (next !== close) {
      const shown = s.text.charAt(node.start) + String.fromCharCode(close)
      return breakOff(s, `\`${s.excerpt(s.pos)}\` follows a value inside \`${shown}\`: put a comma between them, or quote the whole value`, s.pos, s.pos + 1)
    }
  }
}

function breakOff(s: Scanner, message: string, start: number, end: number): void {
  s.problem('syntax', message, start, end)
  s.broken = true
}

/** Skips to the next token of `node`. False, with a problem, when it is never closed. */
function flowSpace(s: Scanner, node: Mapping | Sequence, indent: number): boolean {
  const crossed = s.skip()
  if (s.pos < s.length) {
    if (!crossed) return true
    const column = s.pos - s.line
    // Real files close a bracket at the column of the key that opened it.
    const closes = column === indent && s.text.charCodeAt(s.pos) === s.text.charCodeAt(node.start) + 2
    if ((column > indent || closes) && !isDocumentMark(s.text, s.line)) return true
    s.pos = s.line - 1
  }
  const open = s.text.charAt(node.start)
  const close = open === '[' ? ']' : '}'
  breakOff(s, `\`${s.excerpt(node.start)}\` is never closed: add \`${close}\`, or indent the lines that belong to it`, node.start, node.start + 1)
  return false
}

/** One entry of `node`: a pair, or a value without a colon. Null when there is nothing to keep. */
function flowEntry(s: Scanner, node: Mapping | Sequence, indent: number): TreeNode | KeyValue | null {
  const text = s.text
  const line = s.line
  const isExplicit = text.charCodeAt(s.pos) === QUESTION && isSpaceOrFlowIndicator(text.charCodeAt(s.pos + 1))
  if (isExplicit) {
    s.pos++
    if (!flowSpace(s, node, indent)) return null
  }
  const key = isExplicit && endsEntry(text.charCodeAt(s.pos)) ? Scalar.empty(text, s.pos) : flowNode(s, node, indent)
  if (s.broken) return key
  const behind = s.pos
  if (!flowSpace(s, node, indent)) return key
  const hasColon = text.charCodeAt(s.pos) === COLON && (isJsonLike(text, behind) || isSpaceOrFlowIndicator(text.charCodeAt(s.pos + 1)))
  if (!hasColon) return isExplicit ? keyOnly(s, key) : key
  if (node.kind === 'sequence' && !isExplicit && s.line !== line && key.end > key.start) {
    s.problem('syntax', `the key \`${s.excerpt(key.start, key.end)}\` and its colon must stand on one line inside \`[]\``, key.start, s.pos + 1)
  }
  const colon = s.pos++
  if (!flowSpace(s, node, indent)) return new KeyValue(asKey(s, key), Scalar.empty(s.text, colon + 1), colon)
  const value = endsEntry(text.charCodeAt(s.pos)) ? Scalar.empty(s.text, colon + 1) : flowNode(s, node, indent)
  return new KeyValue(asKey(s, key), value, colon)
}

/** The node at the position; an empty scalar where none stands. */
function flowNode(s: Scanner, parent: Mapping | Sequence, indent: number): TreeNode {
  const unit = s.text.charCodeAt(s.pos)
  switch (unit) {
    case BRACKET_OPEN:
    case BRACE_OPEN:
      return innerCollection(s, indent)
    case DOUBLE_QUOTE:
    case SINGLE_QUOTE: {
      const start = s.pos
      const scalar = quotedScalar(s, indent)
      if (scalar === null) s.broken = true
      return scalar ?? Scalar.empty(s.text, start)
    }
    case ASTERISK:
      return readAlias(s)
    default:
      return startsProperties(unit) ? flowNodeWithProperties(s, parent, indent) : flowPlain(s, indent)
  }
}

function flowNodeWithProperties(s: Scanner, parent: Mapping | Sequence, indent: number): TreeNode {
  const properties = readProperties(s)
  const end = s.pos
  const behind = s.text.charCodeAt(end)
  if (!isSpace(behind) && !endsEntry(behind)) {
    breakOff(s, `\`${s.excerpt(properties.start)}\`: a space must follow an anchor or a tag`, properties.start, end)
    return Scalar.empty(s.text, end)
  }
  if (!flowSpace(s, parent, indent)) return Scalar.empty(s.text, end)
  const unit = s.text.charCodeAt(s.pos)
  const isEmpty = endsEntry(unit) || (unit === COLON && isSpaceOrFlowIndicator(s.text.charCodeAt(s.pos + 1)))
  const node = isEmpty ? Scalar.empty(s.text, end) : flowNode(s, parent, indent)
  attach(s, properties, node)
  return node
}

function flowPlain(s: Scanner, indent: number): Scalar {
  const start = s.pos
  const unit = s.text.charCodeAt(start)
  const next = s.text.charCodeAt(start + 1)
  if (unit === COLON && isSpaceOrFlowIndicator(next)) return Scalar.empty(s.text, start)
  const isIndicator = (unit === DASH || unit === QUESTION) && isSpaceOrFlowIndicator(next)
  if (isIndicator || FORBIDDEN_STARTS.includes(s.text.charAt(start))) {
    breakOff(s, `\`${s.excerpt(start)}\` cannot begin with \`${s.text.charAt(start)}\` inside \`[]\` or \`{}\`: quote it`, start, start + 1)
    return Scalar.empty(s.text, start)
  }
  return flowPlainScalar(s, indent)
}

const FORBIDDEN_STARTS = '#%@`|>]}'

function endsEntry(unit: number): boolean {
  return unit === COMMA || unit === BRACKET_CLOSE || unit === BRACE_CLOSE
}

/** True when a quoted scalar or a collection ends at `end`: a colon right behind it makes it a key. */
function isJsonLike(text: string, end: number): boolean {
  return '"\'}]'.includes(text.charAt(end - 1))
}

function keyOnly(s: Scanner, key: TreeNode): KeyValue {
  return new KeyValue(asKey(s, key), Scalar.empty(s.text, key.end), key.end)
}

function pairMapping(pair: KeyValue): Mapping {
  const mapping = new Mapping(pair.key.start, true)
  mapping.pairs.push(pair)
  mapping.end = pair.value.end
  return mapping
}
