// Edits that add lines to a block map, in the map's own indent, beside what stands there (fixes/resolve.ts makes line breaks
// the file's). Flow maps and maps that an alias repeats are left to the caller.
import type { TextEdit } from '../finding.ts'
import type { MappingNode, Pair } from '../source/node.ts'
import type { PipelineFile } from './pipeline-file.ts'

/** The number of characters before the first key of a block map; null for an empty or a flow map. */
export function indentOf(file: PipelineFile, map: MappingNode): number | null {
  const first = map.pairs[0]
  if (first === undefined || map.flow) return null
  return file.lines.positionAt(first.key.start).column - 1
}

/** Inserts lines below the line on which `offset` stands, each indented by `indent` and as deep as it is itself. */
export function insertBelow(file: PipelineFile, offset: number, { indent, lines }: { indent: number; lines: readonly string[] }): TextEdit {
  const at = file.lines.lineEnd(file.lines.lineOf(offset))
  const before = '\n' + ' '.repeat(indent)
  return { start: at, end: at, text: lines.map((line) => before + line).join('') }
}

/** Inserts lines before a pair of a block map, which keeps its place on a line of its own. */
export function insertBefore(file: PipelineFile, pair: Pair, lines: readonly string[]): TextEdit {
  const at = pair.key.start
  const after = '\n' + ' '.repeat(file.lines.positionAt(at).column - 1)
  return { start: at, end: at, text: lines.map((line) => line + after).join('') }
}

/** Inserts lines before a top-level pair, above the comments that speak of it, with an empty line between. */
export function insertAbove({ lines, text }: PipelineFile, pair: Pair, added: readonly string[]): TextEdit {
  let line = lines.lineOf(pair.key.start)
  while (line > 1 && text.startsWith('#', lines.lineStart(line - 1))) line--
  const start = lines.lineStart(line)
  return { start, end: start, text: `${added.join('\n')}\n\n` }
}

/** Whether a pair begins and ends on one line, so that lines can be added below it. */
export function isOneLine(file: PipelineFile, pair: Pair): boolean {
  const { value } = pair
  if (value.kind === 'scalar' && (value.style === 'literal' || value.style === 'folded')) return false
  return file.lines.lineOf(pair.key.start) === file.lines.lineOf(Math.max(pair.key.end, value.end))
}
