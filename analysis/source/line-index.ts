// Offsets to lines and columns. Lines end at \n, \r\n or a lone \r, as editors and GitHub's annotations count them;
// the other Unicode separators (NEL, LS, PS) are ordinary characters here.
import type { Position } from '../finding.ts'

const LF = 10
const CR = 13

/** Lines are 1-based; offsets are UTF-16 offsets. Offsets and lines outside the text are moved to its nearest end. */
export interface LineIndex {
  readonly lineCount: number
  positionAt(offset: number): Position
  lineOf(offset: number): number
  /** Offset of the line's first unit. */
  lineStart(line: number): number
  /** Offset behind the line's last unit, its line break not included. */
  lineEnd(line: number): number
}

/** The index is built on the first question, so a file without findings never pays for it. */
export function createLineIndex(text: string): LineIndex {
  let built: number[] | null = null
  const starts = (): number[] => (built ??= lineStarts(text))
  const clampLine = (line: number): number => Math.max(1, Math.min(line, starts().length))

  const lineOf = (offset: number): number => {
    const all = starts()
    let low = 0
    let high = all.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((all[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
  const lineStart = (line: number): number => starts()[clampLine(line) - 1] ?? 0

  return {
    get lineCount() {
      return starts().length
    },
    lineOf,
    lineStart,
    positionAt(offset) {
      const within = Math.max(0, Math.min(offset, text.length))
      const line = lineOf(within)
      return { line, column: within - lineStart(line) + 1 }
    },
    lineEnd(line) {
      let end = starts()[clampLine(line)]
      if (end === undefined) return text.length
      if (text.charCodeAt(end - 1) === LF) end--
      else return end - 1
      return end > lineStart(line) && text.charCodeAt(end - 1) === CR ? end - 1 : end
    },
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === LF || (unit === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1)
  }
  return starts
}
