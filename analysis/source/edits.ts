// Text edits: sorting, overlap and application. Knows nothing of YAML; what may be edited together is for fixes/ to decide.
import type { TextEdit } from '../finding.ts'

/**
 * A copy in ascending order. At one offset insertions stand before a replacement, and what goes on before what opens a new line;
 * apart from that they keep the order in which they were given.
 */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end || Number(opensLine(a)) - Number(opensLine(b)))
}

/**
 * True when the two cannot both be applied: they share a unit of text, one inserts inside the other, or both insert at one offset
 * and nothing says which comes first. A comment for a line and lines below it do not meet.
 */
export function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start && opensLine(a) === opensLine(b)
  return a.start < b.end && b.start < a.end
}

const opensLine = ({ text }: TextEdit): boolean => text.startsWith('\n') || text.startsWith('\r\n')

/** Applies edits given in any order. Throws RangeError when one lies outside the text or two overlap: a defect of the caller. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let from = 0
  for (const edit of sortEdits(edits)) {
    if (edit.start < from || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit [${edit.start}, ${edit.end}) overlaps the one before it or lies outside a text of ${text.length} units`)
    }
    result += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return result + text.slice(from)
}
