// Removes a key together with its line: only where the line holds nothing else and is no first line of a list item.
import type { MappingNode, Pair } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { TextEdit } from '../finding.ts'
import { isOneLine } from '../workflow/insert-lines.ts'

/** Null where the pair cannot be taken out without touching another one, or a comment. */
export function removeLine(file: PipelineFile, map: MappingNode, pair: Pair): TextEdit | null {
  const { text, lines } = file
  if (map.flow || map.pairs.length < 2 || !isOneLine(file, pair) || pair.value.anchor !== null) return null
  const line = lines.lineOf(pair.key.start)
  const start = lines.lineStart(line)
  const last = Math.max(pair.value.end, pair.colon + 1)
  if (text.slice(start, pair.key.start).trim() !== '' || text.slice(last, lines.lineEnd(line)).trim() !== '') return null
  return { start, end: line === lines.lineCount ? text.length : lines.lineStart(line + 1), text: '' }
}
