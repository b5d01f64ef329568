// The line that a finding stands on, with a mark under it. Long lines are cut around the place.
import type { Position } from '../finding.ts'
import type { LineIndex } from '../source/line-index.ts'
import { onOneLine } from './plain-text.ts'

export interface Excerpt {
  readonly line: string
  /** Blanks, tabs where the line has them, and one caret or a row of them. */
  readonly mark: string
}

const MAX_WIDTH = 160
const LEAD = 60

/** Null for a blank line, and for a place on which nothing stands. */
export function excerptAt(text: string, lines: LineIndex, range: { readonly start: Position; readonly end: Position }): Excerpt | null {
  const { start, end } = range
  if (start.line > lines.lineCount) return null
  const whole = text.slice(lines.lineStart(start.line), lines.lineEnd(start.line))
  if (whole.trim() === '') return null
  const from = Math.min(start.column - 1, whole.length)
  const to = Math.max(from + 1, end.line === start.line ? Math.min(end.column - 1, whole.length) : whole.trimEnd().length)
  const cutStart = whole.length <= MAX_WIDTH ? 0 : Math.max(0, Math.min(from - LEAD, whole.length - MAX_WIDTH))
  const cutEnd = Math.min(whole.length, cutStart + MAX_WIDTH)
  const before = onOneLine(whole.slice(cutStart, from))
  const marked = onOneLine(whole.slice(from, Math.min(to, cutEnd)))
  const after = onOneLine(whole.slice(Math.min(to, cutEnd), cutEnd))
  const lead = cutStart > 0 ? '...' : ''
  return {
    line: `${lead}${before}${marked}${after}${cutEnd < whole.length ? '...' : ''}`,
    mark: `${' '.repeat(lead.length)}${before.replace(/[^\t]/g, ' ')}${'^'.repeat(Math.max(1, marked.length))}`,
  }
}
