// From the source of a scalar to its content: line folding, escapes, and the indentation and end of block scalars.
// Runs when a content is first asked for. The scanner has reported what is wrong; nothing here fails, a wrong escape stays as written.
// Line breaks in the source are \n or \r\n (parse.ts sees to it); in the content they are \n.
import { BACKSLASH, CR, LF, PLUS, DASH, SPACE, TAB, isBlank } from './characters.ts'

/** Where the content of a block scalar stands and how it ends. */
export interface BlockLayout {
  /** Offset of the first line after the header. */
  readonly body: number
  readonly end: number
  /** Columns that belong to the indentation; -1 when every line is empty. */
  readonly width: number
  /** The unit `-` or `+`, or 0. */
  readonly chomp: number
  readonly folded: boolean
}

/** The content of a plain scalar over several lines: each line trimmed, one break a space, more breaks one fewer. */
export function foldPlain(raw: string): string {
  let out = ''
  let from = 0
  for (let at = raw.indexOf('\n'); at >= 0; at = raw.indexOf('\n', from)) {
    out += raw.slice(from, trimBlanksBefore(raw, at, from))
    from = skipBreaks(raw, at)
    out += breaksBetween(raw, at, from)
  }
  return out + raw.slice(from)
}

/** The content of a single-quoted scalar, without its quotes. */
export function decodeSingle(raw: string): string {
  const unquoted = raw.includes("''") ? raw.replaceAll("''", "'") : raw
  return unquoted.includes('\n') ? foldPlain(unquoted) : unquoted
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', ' ': ' ', '"': '"', '/': '/', '\\': '\\',
  N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** How many units the escape after the backslash at `at` takes, the backslash included; 0 when there is no such escape. */
export function escapeLength(text: string, at: number): number {
  const letter = text.charAt(at + 1)
  if (letter === '\n') return 2
  if (letter === '\r') return 3
  if (Object.hasOwn(ESCAPES, letter)) return 2
  const digits = HEX_DIGITS[letter]
  if (digits === undefined) return 0
  const hex = text.slice(at + 2, at + 2 + digits)
  if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) return 0
  return Number.parseInt(hex, 16) <= 0x10ffff ? 2 + digits : 0
}

/** The content of a double-quoted scalar, without its quotes. */
export function decodeDouble(raw: string): string {
  let out = ''
  let from = 0
  let at = 0
  while (at < raw.length) {
    const unit = raw.charCodeAt(at)
    if (unit === BACKSLASH) {
      out += raw.slice(from, at)
      const letter = raw.charAt(at + 1)
      if (letter === '\n' || letter === '\r') {
        from = skipBreaks(raw, at + 1)
        out += '\n'.repeat(countBreaks(raw, at + 1, from) - 1)
      } else {
        const length = escapeLength(raw, at)
        from = at + Math.max(length, 1)
        if (length === 0) out += '\\'
        else out += length > 2 ? String.fromCodePoint(Number.parseInt(raw.slice(at + 2, from), 16)) : (ESCAPES[letter] ?? '')
      }
      at = from
    } else if (unit === LF) {
      out += raw.slice(from, trimBlanksBefore(raw, at, from))
      from = skipBreaks(raw, at)
      out += breaksBetween(raw, at, from)
      at = from
    } else at++
  }
  return out + raw.slice(from)
}

/** The content of a block scalar. */
export function decodeBlock(source: string, layout: BlockLayout): string {
  const { end, width, folded, chomp } = layout
  let out = ''
  let at = layout.body
  let emptyLines = 0
  let hasContent = false
  let afterIndented = false
  while (at < end) {
    let next = source.indexOf('\n', at)
    const broken = next >= 0 && next < end
    if (!broken) next = end
    const stop = broken && next > at && source.charCodeAt(next - 1) === CR ? next - 1 : next
    const from = skipIndent(source, at, width < 0 ? stop : Math.min(stop, at + width))
    at = next + 1
    if (from >= stop) {
      if (broken) emptyLines++
      continue
    }
    const indented = folded && isBlank(source.charCodeAt(from))
    if (!hasContent) out = '\n'.repeat(emptyLines)
    else if (!folded || indented || afterIndented) out += '\n'.repeat(emptyLines + 1)
    else out += emptyLines === 0 ? ' ' : '\n'.repeat(emptyLines)
    out += source.slice(from, stop)
    afterIndented = indented
    hasContent = true
    emptyLines = 0
  }
  if (chomp === PLUS) return out + '\n'.repeat(hasContent ? emptyLines + 1 : emptyLines)
  return chomp === DASH || !hasContent ? out : out + '\n'
}

function skipIndent(source: string, from: number, to: number): number {
  let at = from
  while (at < to && source.charCodeAt(at) === SPACE) at++
  return at
}

function trimBlanksBefore(raw: string, at: number, from: number): number {
  let end = at
  if (end > from && raw.charCodeAt(end - 1) === CR) end--
  while (end > from && isBlank(raw.charCodeAt(end - 1))) end--
  return end
}

function skipBreaks(raw: string, at: number): number {
  let to = at
  for (;;) {
    const unit = raw.charCodeAt(to)
    if (unit !== LF && unit !== CR && unit !== SPACE && unit !== TAB) return to
    to++
  }
}

function countBreaks(raw: string, from: number, to: number): number {
  let count = 0
  for (let at = raw.indexOf('\n', from); at >= 0 && at < to; at = raw.indexOf('\n', at + 1)) count++
  return count
}

function breaksBetween(raw: string, from: number, to: number): string {
  const count = countBreaks(raw, from, to)
  return count === 1 ? ' ' : '\n'.repeat(count - 1)
}
