// Scans quoted scalars, in block and in flow context. Escapes are checked here so that decoding cannot fail.
import type { Scanner } from './scanner.ts'
import { BACKSLASH, CR, DOUBLE_QUOTE, LF, SINGLE_QUOTE, TAB, isDocumentMark } from './characters.ts'
import { escapeLength } from './decode-scalar.ts'
import { Scalar } from './tree.ts'

/**
 * The scalar whose quote stands at the position. Lines after the first must be indented deeper than `indent`; one that is not ends
 * the attempt: null, with a problem and the position at the end of the line before.
 */
export function quotedScalar(s: Scanner, indent: number): Scalar | null {
  const text = s.text
  const start = s.pos
  const quote = text.charCodeAt(start)
  let at = start + 1
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      if (quote === DOUBLE_QUOTE || text.charCodeAt(at + 1) !== SINGLE_QUOTE) break
      at += 2
    } else if (unit === BACKSLASH && quote === DOUBLE_QUOTE) at = escape(s, at)
    else if (unit === LF) {
      if (!continues(s, at + 1, indent)) return unclosed(s, start, at)
      s.line = ++at
    } else if (unit !== unit) return unclosed(s, start, s.length)
    else at++
  }
  s.pos = at + 1
  return new Scalar(text, quote === DOUBLE_QUOTE ? 'double' : 'single', start, at + 1, null)
}

/** Offset behind the escape at `at`, or at its line break, which the caller treats like any other. */
function escape(s: Scanner, at: number): number {
  const next = s.text.charCodeAt(at + 1)
  if (next === LF || next === CR) return at + 1
  const length = escapeLength(s.text, at)
  if (length > 0) return at + length
  const shown = s.excerpt(at, at + 2)
  s.problem('syntax', `\`${shown}\` is no escape in a double-quoted text: write \`\\${shown}\` for a backslash, or use single quotes`, at, Math.min(at + 2, s.length))
  return next === next ? at + 2 : at + 1
}

/** True when the line at `start` may belong to a quoted scalar: empty, or indented deeper than the block around it. */
function continues(s: Scanner, start: number, indent: number): boolean {
  const content = s.pastSpaces(start)
  const unit = s.text.charCodeAt(content)
  if (unit === LF || unit === CR) return true
  if (content - start > indent) return !isDocumentMark(s.text, start)
  return unit === TAB && isBlankLine(s, content)
}

function isBlankLine(s: Scanner, at: number): boolean {
  const unit = s.text.charCodeAt(s.pastBlanks(at))
  return unit === LF || unit === CR
}

function unclosed(s: Scanner, start: number, at: number): null {
  const shown = s.excerpt(start, at)
  s.problem('syntax', `the quote in \`${shown}\` is never closed: add the closing quote, or indent the lines that belong to the text`, start, at)
  s.pos = at
  return null
}
