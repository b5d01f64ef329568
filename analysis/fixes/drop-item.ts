// The edit that takes one item out of a list and leaves every other byte. Leaves out items that share their line with a
// comment or with something else than the list, and the only item.
import type { TextEdit } from '../finding.ts'
import type { SequenceNode, YamlNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'

/** Null where the item cannot be cut out by itself. */
export function dropItem({ text, lines }: PipelineFile, list: SequenceNode | null, item: YamlNode): TextEdit | null {
  const index = list?.items.indexOf(item) ?? -1
  const before = list?.items[index - 1]
  // The first item needs another edit, and nothing that was said before makes it superfluous.
  if (list === null || before === undefined || item.anchor !== null || item.tag !== null) return null
  if (list.flow) {
    const between = text.slice(before.end, item.start)
    return /^\s*,\s*$/.test(between) ? { start: before.end, end: item.end, text: '' } : null
  }
  const line = lines.lineOf(item.start)
  const start = lines.lineStart(line)
  const end = lines.lineEnd(line)
  if (!/^\s*-\s+$/.test(text.slice(start, item.start)) || text.slice(item.end, end).trim() !== '') return null
  // With the break before it, so that the last line of a file goes too.
  return { start: lines.lineEnd(line - 1), end, text: '' }
}
