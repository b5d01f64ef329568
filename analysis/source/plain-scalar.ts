// Scans plain (unquoted) scalars: in block context, where a line may turn out to be a key, and in flow context.
import type { Scanner } from './scanner.ts'
import { COLON, COMMA, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, CR, HASH, LF, SPACE, TAB, isBlank, isDocumentMark, isFlowIndicator, isSpace, isSpaceOrFlowIndicator } from './characters.ts'
import { Scalar } from './tree.ts'

/**
 * Scans one line of a plain scalar in block context from the position. Returns the end of its content and leaves the position on
 * what stopped it: a colon that ends a key, a comment, a line break or the end of the text.
 */
export function plainLine(s: Scanner): number {
  const text = s.text
  let at = s.pos
  let end = at
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === COLON) {
      if (isSpace(text.charCodeAt(at + 1))) break
      end = ++at
    } else if (unit === LF || unit !== unit) break
    else if (unit === SPACE || unit === TAB) at++
    else if (unit === HASH) {
      if (isBlank(text.charCodeAt(at - 1))) break
      end = ++at
    } else if (unit === CR) break
    else end = ++at
  }
  s.pos = at
  return end
}

/**
 * The plain scalar that began at `start` and whose first line ended at `end`, with its continuation lines: those deeper than
 * `indent`. A continuation line that is a key is a problem; with nothing around it (indent -1) the scalar ends before it.
 */
export function plainScalar(s: Scanner, start: number, end: number, indent: number): Scalar {
  let last = end
  while (s.pos < s.length && s.text.charCodeAt(s.pos) !== HASH) {
    const next = nextContentLine(s.text, s.pos)
    const at = s.pastSpaces(next)
    const unit = s.text.charCodeAt(at)
    if (at >= s.length || at - next <= indent || unit === HASH || isDocumentMark(s.text, next)) break
    const from = unit === TAB ? s.pastBlanks(at) : at
    if (unit === TAB && s.text.charCodeAt(from) === HASH) break
    const before = s.pos
    const lineBefore = s.line
    s.line = next
    s.pos = from
    const lineEnd = plainLine(s)
    if (s.text.charCodeAt(s.pos) === COLON) {
      s.pos = before
      s.line = lineBefore
      if (indent >= 0) keyInScalar(s, { start, end: last, from, indent })
      break
    }
    last = lineEnd
  }
  return new Scalar(s.text, 'plain', start, last, null)
}

function keyInScalar(s: Scanner, { start, end, from, indent }: { start: number; end: number; from: number; indent: number }): void {
  s.problem(
    'syntax',
    `\`${s.excerpt(from)}\` is a key, but the text \`${s.excerpt(start, end)}\` before it goes on here: a key has either a text or deeper keys; indent this line like its neighbours or quote the text`,
    from,
    s.lineContentEnd(from),
  )
  s.recover(indent)
}

/** Offset of the first line after `at` that is not empty; the position there is not changed. */
function nextContentLine(text: string, at: number): number {
  let line = at
  for (let to = at; ; to++) {
    const unit = text.charCodeAt(to)
    if (unit === LF) line = to + 1
    else if (unit === TAB) {
      let content = to
      while (isBlank(text.charCodeAt(content))) content++
      const next = text.charCodeAt(content)
      if (next !== LF && next !== CR) return line
      to = content - 1
    } else if (unit !== SPACE && unit !== CR) return line
  }
}

/** Scans a plain scalar in flow context; the position ends right behind it. Empty when nothing plain stands there. */
export function flowPlainScalar(s: Scanner, indent: number): Scalar {
  const start = s.pos
  let end = flowPlainLine(s)
  for (;;) {
    const unit = s.text.charCodeAt(s.pos)
    if (unit !== LF && unit !== CR) break
    const next = nextContentLine(s.text, s.pos)
    const at = s.pastBlanks(next)
    if (s.pastSpaces(next) - next <= indent || isDocumentMark(s.text, next) || !continuesPlain(s.text, at)) break
    s.line = next
    s.pos = at
    end = flowPlainLine(s)
  }
  s.pos = end
  return new Scalar(s.text, 'plain', start, end, null)
}

function continuesPlain(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit !== unit || unit === HASH || isFlowIndicator(unit)) return false
  return unit !== COLON || !isSpaceOrFlowIndicator(text.charCodeAt(at + 1))
}

function flowPlainLine(s: Scanner): number {
  const text = s.text
  let at = s.pos
  let end = at
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === COLON) {
      if (isSpaceOrFlowIndicator(text.charCodeAt(at + 1))) break
      end = ++at
    } else if (unit === COMMA || unit === BRACKET_CLOSE || unit === BRACE_CLOSE || unit === BRACKET_OPEN || unit === BRACE_OPEN) break
    else if (unit === LF || unit === CR || unit !== unit) break
    else if (unit === SPACE || unit === TAB) at++
    else if (unit === HASH) {
      if (isBlank(text.charCodeAt(at - 1))) break
      end = ++at
    } else end = ++at
  }
  s.pos = at
  return end
}
