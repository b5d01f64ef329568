// Finds expressions in a scalar and places them exactly in the file, through quoting, escapes and line folding. It reads the
// scalar's source rather than its value, so every offset can be edited. Braces that are never closed are not expressions.
import type { ScalarNode } from '../source/node.ts'
import { parseExpression, type Expression } from './expression.ts'
import type { ExpressionError } from './expression-tokens.ts'

export interface ExpressionSpan {
  /** Offsets in the file, braces included (without braces for a bare condition). */
  readonly start: number
  readonly end: number
  /** What stands between the braces, escapes undone and line breaks folded. */
  readonly text: string
  /** Null when the text is no expression: then `error` says why. Offsets in both count from the start of `text`. */
  readonly root: Expression | null
  readonly error: ExpressionError | null
  /** The file's offset of an offset in `text`. */
  offsetOf(offset: number): number
}

interface Content {
  readonly source: string
  readonly style: ScalarNode['style']
}

interface Bounds {
  readonly start: number
  readonly end: number
}

const OPEN = '${{'
const NONE: readonly ExpressionSpan[] = []
const known = new WeakMap<ScalarNode, readonly ExpressionSpan[]>()

/** The expressions between braces in a scalar of the file `source`, in order. */
export function expressionsIn(source: string, scalar: ScalarNode): readonly ExpressionSpan[] {
  // Never searches beyond the scalar: over all scalars of a file that would be quadratic.
  if (!source.slice(scalar.start, scalar.end).includes(OPEN)) return NONE
  const cached = known.get(scalar)
  if (cached) return cached
  const spans = [...scan({ source, style: scalar.style }, contentOf(source, scalar))]
  known.set(scalar, spans)
  return spans
}

/** As expressionsIn, for the value of an `if`: without braces the whole value is one expression. */
export function expressionsInCondition(source: string, scalar: ScalarNode): readonly ExpressionSpan[] {
  const braced = expressionsIn(source, scalar)
  if (braced.length > 0) return braced
  const { start, end } = trimmed(source, contentOf(source, scalar))
  return start === end ? NONE : [spanOf({ source, style: scalar.style }, { start, end }, { start, end })]
}

function* scan(content: Content, bounds: Bounds): Generator<ExpressionSpan> {
  const inside = content.source.slice(0, bounds.end)
  let at = inside.indexOf(OPEN, bounds.start)
  while (at >= 0) {
    const from = at + OPEN.length
    const close = closingBraces(content, from, bounds.end)
    if (close < 0) return
    yield spanOf(content, { start: at, end: close + 2 }, { start: from, end: close })
    at = inside.indexOf(OPEN, close + 2)
  }
}

/** Offset of the braces that close an expression; braces inside its string literals do not. */
function closingBraces({ source, style }: Content, from: number, end: number): number {
  let quoted = false
  for (let at = from; at < end - 1; at++) {
    const character = source.charAt(at)
    if (character === "'") {
      quoted = !quoted
      if (style === 'single') at++
    } else if (character === '\\' && style === 'double') at++
    else if (character === '}' && !quoted && source.charAt(at + 1) === '}') return at
  }
  return -1
}

function spanOf(content: Content, outer: Bounds, inner: Bounds): ExpressionSpan {
  const raw = content.source.slice(inner.start, inner.end)
  const { text, offsets } = needsDecoding(raw, content.style) ? decode(content, inner) : { text: raw, offsets: null }
  const { root, error } = parseExpression(text)
  const offsetOf = (offset: number): number => (offsets ? (offsets[offset] ?? inner.end) : inner.start + offset)
  return { ...outer, text, root, error, offsetOf }
}

function needsDecoding(raw: string, style: Content['style']): boolean {
  return raw.includes('\n') || (style === 'single' && raw.includes("'")) || (style === 'double' && raw.includes('\\'))
}

/** The content of a range with the file's offset of each unit of it. A line break and the indent after it become one unit. */
function decode({ source, style }: Content, { start, end }: Bounds): { text: string; offsets: readonly number[] } {
  const fold = style === 'literal' ? '\n' : ' '
  const offsets: number[] = []
  let text = ''
  for (let at = start; at < end; ) {
    const { value, width } = unitAt(source, at, { style, fold })
    text += value
    while (offsets.length < text.length) offsets.push(at)
    at += width
  }
  return { text, offsets }
}

function unitAt(source: string, at: number, { style, fold }: { style: Content['style']; fold: string }): { value: string; width: number } {
  const character = source.charAt(at)
  if (character === '\n' || character === '\r') return { value: fold, width: breakWidth(source, at) }
  if (character === "'" && style === 'single') return { value: "'", width: 2 }
  if (character !== '\\' || style !== 'double') return { value: character, width: 1 }
  const next = source.charAt(at + 1)
  if (next === '\n' || next === '\r') return { value: '', width: 1 + breakWidth(source, at + 1) }
  const digits = { x: 2, u: 4, U: 8 }[next]
  if (digits === undefined) return { value: SHORT_ESCAPES[next] ?? next, width: 2 }
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16)
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', width: 2 + digits }
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' }

function breakWidth(source: string, at: number): number {
  let end = at
  while (' \t\r\n'.includes(source.charAt(end)) && end < source.length) end++
  return end - at
}

/** Where a scalar's content stands: inside the quotes, below the header line of a block scalar. */
function contentOf(source: string, { style, start, end }: ScalarNode): Bounds {
  if (style === 'plain') return { start, end }
  if (style === 'single' || style === 'double') return { start: start + 1, end: end - 1 }
  const header = source.indexOf('\n', start)
  return header < 0 || header >= end ? { start: end, end } : { start: header + 1, end }
}

function trimmed(source: string, { start, end }: Bounds): Bounds {
  let from = start
  let to = end
  while (from < to && /\s/.test(source.charAt(from))) from++
  while (to > from && /\s/.test(source.charAt(to - 1))) to--
  return { start: from, end: to }
}
