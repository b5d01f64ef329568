// Edits that make one place of a file as the expected one has it, and touch nothing else: text is taken over as it is written there,
// comments included, at the indent of its new place. Leaves out what anchors and aliases tie together, and additions to flow maps.
import type { TextEdit } from '../finding.ts'
import type { MappingNode, Pair, SequenceNode, YamlNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { indentOf, isOneLine } from '../workflow/insert-lines.ts'

/** A place in its file. */
export interface Piece<T> {
  readonly file: PipelineFile
  readonly node: T
}

/** Puts a pair of the expected map where the found map lacks it: behind the pair before it, else in front. */
export function insertPair(expected: Piece<MappingNode>, pair: Pair, { file, node: map }: Piece<MappingNode>): TextEdit | null {
  const indent = indentOf(file, map)
  const lines = indent === null ? null : linesOf(expected.file, pair.key.start, pair.value)
  const first = map.pairs[0]
  if (indent === null || lines === null || first === undefined || map.anchor !== null) return null
  const before = expected.node.pairs.slice(0, expected.node.pairs.indexOf(pair)).reverse()
  const neighbour = before.map(({ key }) => map.pairs.find((each) => each.key.text === key.text)).find((each) => each !== undefined)
  if (neighbour !== undefined) return below(file, contentEnd(file, neighbour), indented(lines, indent))
  return { start: first.key.start, end: first.key.start, text: `${indented(lines, indent).trimStart()}\n${' '.repeat(indent)}` }
}

/** Replaces the value of a pair, and the comment behind it where that belongs to the value (the version behind a pin). */
export function replacePair(expected: Piece<Pair>, { file, node: pair }: Piece<Pair>): TextEdit | null {
  const [from, to] = [expected.node.value, pair.value]
  if (to.anchor !== null || isTied(from)) return null
  const end = endWithComment(file, pair)
  if (from.kind === 'scalar' && isOneLine(expected.file, expected.node) && isOneLine(file, pair)) {
    const written = expected.file.text.slice(from.start, expected.node.key.text === 'uses' ? endWithComment(expected.file, expected.node) : from.end)
    const until = expected.node.key.text === 'uses' ? end : to.end
    return { start: to.start, end: until, text: to.start === to.end ? ` ${written}` : written }
  }
  const column = file.lines.positionAt(pair.key.start).column - 1
  const lines = linesOf(expected.file, expected.node.key.start, from)
  return lines === null ? null : { start: pair.key.start, end: contentEnd(file, pair), text: indented(lines, column).trimStart() }
}

/** Takes a pair out with its lines; null for the only one, and in flow maps. */
export function removePair({ file, node: map }: Piece<MappingNode>, pair: Pair): TextEdit | null {
  const { lines, text } = file
  const next = map.pairs[map.pairs.indexOf(pair) + 1]
  if (map.flow || map.anchor !== null || map.pairs.length < 2 || isTied(pair.value)) return null
  const line = lines.lineOf(pair.key.start)
  const last = lines.lineOf(contentEnd(file, pair))
  if (text.slice(lines.lineStart(line), pair.key.start).trim() === '') {
    return { start: lines.lineStart(line), end: last === lines.lineCount ? text.length : lines.lineStart(last + 1), text: '' }
  }
  // The first key of a list item stands behind the dash: the next one takes its place.
  return next !== undefined && lines.lineOf(next.key.start) === last + 1 ? { start: pair.key.start, end: next.key.start, text: '' } : null
}

/** Adds an item to a block list, behind one of its items or (null) in front. */
export function insertItem({ file: source, node: item }: Piece<YamlNode>, { file, node: list }: Piece<SequenceNode>, behind: YamlNode | null): TextEdit | null {
  const first = list.items[0]
  if (first === undefined || list.flow || list.anchor !== null) return null
  const lineStart = file.lines.lineStart(file.lines.lineOf(first.start))
  const dash = /^( *)-( +)$/.exec(file.text.slice(lineStart, first.start))
  const lines = linesOf(source, item.start, item)
  if (dash === null || lines === null) return null
  const [, margin = '', gap = ''] = dash
  const text = `${margin}-${gap}${indented(lines, margin.length + 1 + gap.length).trimStart()}`
  if (behind === null) return { start: lineStart, end: lineStart, text: `${text}\n` }
  return behind.kind === 'alias' ? null : below(file, nodeEnd(file, behind), text)
}

/** Behind the last character of a pair's value that is no white space: the ends of blocks reach further. */
const contentEnd = (file: PipelineFile, pair: Pair): number => Math.max(pair.colon + 1, nodeEnd(file, pair.value))

function nodeEnd(file: PipelineFile, node: YamlNode): number {
  if (node.kind === 'mapping' && !node.flow) {
    const last = node.pairs.at(-1)
    return last === undefined ? node.end : contentEnd(file, last)
  }
  if (node.kind === 'sequence' && !node.flow) {
    const last = node.items.at(-1)
    return last === undefined ? node.end : nodeEnd(file, last)
  }
  return node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded') ? node.start + file.text.slice(node.start, node.end).trimEnd().length : node.end
}

/** The comment behind a value on its line is its own. */
function endWithComment(file: PipelineFile, pair: Pair): number {
  const end = contentEnd(file, pair)
  const rest = file.text.slice(end, file.lines.lineEnd(file.lines.lineOf(end)))
  return /^\s+#/.test(rest) ? end + rest.trimEnd().length : end
}

const below = (file: PipelineFile, offset: number, text: string): TextEdit => {
  const at = file.lines.lineEnd(file.lines.lineOf(offset))
  return { start: at, end: at, text: `\n${text}` }
}

/** The text from `start` to the end of the node, with a comment behind it, as lines without their common indent. */
function linesOf(file: PipelineFile, start: number, node: YamlNode): readonly string[] | null {
  if (isTied(node)) return null
  const end = nodeEnd(file, node)
  const lineEnd = file.lines.lineEnd(file.lines.lineOf(end))
  const isCommented = /^\s+#/.test(file.text.slice(end, lineEnd))
  const [head = '', ...rest] = file.text.slice(start, isCommented ? lineEnd : Math.max(start, end)).replaceAll('\r\n', '\n').split('\n')
  const indent = file.lines.positionAt(start).column - 1
  if (rest.some((line) => line.trim() !== '' && line.slice(0, indent).trim() !== '')) return null
  return [head.trimEnd(), ...rest.map((line) => line.slice(indent).trimEnd())]
}

const indented = (lines: readonly string[], indent: number): string => lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')

/** An anchor or an alias somewhere in it: a copy would mean something else. */
function isTied(node: YamlNode): boolean {
  if (node.anchor !== null || node.kind === 'alias') return true
  if (node.kind === 'mapping') return node.pairs.some(({ key, value }) => (key).anchor !== null || isTied(value))
  return node.kind === 'sequence' && node.items.some(isTied)
}
