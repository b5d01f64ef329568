// Scans block scalars (`|` and `>`): the header, then the extent of the body by its indentation. The content is decoded later.
import type { Scanner } from './scanner.ts'
import { CR, DASH, GREATER, HASH, LF, PLUS, SPACE, TAB, isDocumentMark, isSpace } from './characters.ts'
import { Scalar } from './tree.ts'

interface Header {
  /** The unit `-` or `+`, or 0. */
  readonly chomp: number
  /** Indentation given by a digit, or 0. */
  readonly digit: number
}

/** The block scalar at the position, in a block of column `indent`. Null for a broken header: reported, nothing behind it was read. */
export function blockScalar(s: Scanner, indent: number): Scalar | null {
  const start = s.pos
  const folded = s.text.charCodeAt(start) === GREATER
  const header = readHeader(s, start)
  if (header === null) return null
  const given = header.digit > 0 ? Math.max(indent, 0) + header.digit : -1
  const body = Math.min(s.lineBreak(s.pos) + 1, s.length)
  const width = given >= 0 ? given : detectWidth(s, body, indent)
  const end = bodyEnd(s, { body, width, indent })
  s.pos = end
  s.line = end
  return new Scalar(s.text, folded ? 'folded' : 'literal', start, end, { body, end, width, chomp: header.chomp, folded })
}

function readHeader(s: Scanner, start: number): Header | null {
  const text = s.text
  let at = start + 1
  let chomp = 0
  let digit = 0
  for (;; at++) {
    const unit = text.charCodeAt(at)
    if ((unit === DASH || unit === PLUS) && chomp === 0) chomp = unit
    else if (unit > 48 && unit < 58 && digit === 0) digit = unit - 48
    else break
  }
  const behind = s.pastBlanks(at)
  const unit = text.charCodeAt(behind)
  if (isSpace(text.charCodeAt(at)) && (isSpace(unit) || unit === HASH)) {
    s.pos = unit === HASH ? s.comment(behind) : behind
    return { chomp, digit }
  }
  s.problem(
    'syntax',
    `\`${s.excerpt(start)}\` does not begin a block of text: after \`${text.charAt(start)}\` only \`+\` or \`-\` and one digit may follow on the line, the text starts on the next`,
    start,
    s.lineContentEnd(start),
  )
  return null
}

/** The column of the first line that is not empty, or -1 when there is none deeper than the block around. */
function detectWidth(s: Scanner, body: number, indent: number): number {
  const text = s.text
  let deepest = 0
  let deepestAt = body
  for (let line = body; line < s.length; ) {
    const at = s.pastSpaces(line)
    const unit = text.charCodeAt(at)
    if (unit === LF || unit === CR) {
      if (at - line > deepest) {
        deepest = at - line
        deepestAt = line
      }
      line = unit === CR ? at + 2 : at + 1
      continue
    }
    const width = at - line
    if (unit !== unit || width <= indent || isDocumentMark(text, line)) return -1
    if (deepest > width) {
      s.problem('syntax', `this empty line is indented by ${deepest} spaces, deeper than the text below it (${width}): remove its spaces`, deepestAt, deepestAt + deepest)
    }
    return width
  }
  return -1
}

/** Offset of the first line that does not belong to the body. Empty lines belong to it, wherever they end. */
function bodyEnd(s: Scanner, { body, width, indent }: { body: number; width: number; indent: number }): number {
  const text = s.text
  let line = body
  while (line < s.length) {
    let at = line
    const limit = width < 0 ? s.length : line + width
    while (at < limit && text.charCodeAt(at) === SPACE) at++
    const unit = text.charCodeAt(at)
    if (unit === LF) line = at + 1
    else if (unit === CR) line = at + 2
    else if (unit !== unit) return s.length
    else if (width === 0 && isDocumentMark(text, line)) return line
    else if (at - line < width && unit === TAB && at - line > indent) line = tabbedLine(s, at)
    else if (width < 0 || at - line < width) return line
    else line = Math.min(s.lineBreak(at) + 1, s.length)
  }
  return line
}

/** A line of the text whose indentation goes on with a tab: reported and kept. Returns the offset of the next line. */
function tabbedLine(s: Scanner, at: number): number {
  s.problem('tab-indent', 'a tab stands in the indentation of this line, which YAML does not allow: indent the text with spaces', at, at + 1)
  return Math.min(s.lineBreak(at) + 1, s.length)
}
