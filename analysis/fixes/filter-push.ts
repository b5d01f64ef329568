// The edits that let `push` start a workflow for the default branch and for tags only: other branches are run by their pull requests.
// Leaves out aliases, lists of several lines in brackets, and branches whose name a filter would read as a pattern.
import type { TextEdit } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { MappingNode, Pair, SequenceNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { writeScalar } from '../source/write-scalar.ts'
import { indentOf, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { asMapping, findPair, isNull, scalarsOf } from '../workflow/nodes.ts'

const PATTERN = /[*?+[\]!\\]/

/** Null where the workflow's pull requests are not those of the default branch, or where the text cannot be spliced. */
export function filterPush({ file, node, onPair }: Workflow, defaultBranch: string): EditsFix | null {
  if (onPair === null || node.flow || PATTERN.test(defaultBranch)) return null
  const branches = pulledBranches(onPair, defaultBranch)
  const edits = branches === null ? null : editsOf(file, onPair, [`branches: [${branches.map(writeScalar).join(', ')}]`, `tags: [${writeScalar('**')}]`])
  return edits === null ? null : { kind: 'edits', safety: 'unsafe', description: `start on a push of ${defaultBranch} or of a tag, and for other branches by their pull request`, edits }
}

/** What pull requests are opened against: the default branch, or the list of the file where that branch is in it. */
function pulledBranches({ value }: Pair, defaultBranch: string): readonly string[] | null {
  const pull = asMapping(findPair(asMapping(value), 'pull_request')?.value)
  if (findPair(pull, 'branches-ignore') !== undefined) return null
  const own = findPair(pull, 'branches')
  if (own === undefined) return [defaultBranch]
  const names = scalarsOf(own.value).map(({ text }) => text)
  return names.includes(defaultBranch) ? names : null
}

function editsOf(file: PipelineFile, onPair: Pair, filters: readonly string[]): readonly TextEdit[] | null {
  const { value } = onPair
  if (value.kind === 'mapping') return inMap(file, value, filters)
  if (value.kind !== 'sequence' || value.anchor !== null || !value.items.every((item) => item.kind === 'scalar' && item.anchor === null)) return null
  return value.flow ? fromFlowList(file, onPair, { list: value, filters }) : fromBlockList(file, value, filters)
}

function inMap(file: PipelineFile, map: MappingNode, filters: readonly string[]): readonly TextEdit[] | null {
  const pair = findPair(map, 'push')
  if (pair === undefined || !isNull(pair.value) || pair.value.start !== pair.value.end) return null
  const indent = indentOf(file, map)
  if (indent !== null) return [insertBelow(file, pair.key.end, { indent: indent + 2, lines: filters })]
  const colon = file.text[pair.colon] === ':' ? '' : ':'
  const at = pair.colon + (colon === '' ? 1 : 0)
  return [{ start: at, end: at, text: `${colon} { ${filters.join(', ')} }` }]
}

interface FlowList {
  readonly list: SequenceNode
  readonly filters: readonly string[]
}

function fromFlowList(file: PipelineFile, onPair: Pair, { list, filters }: FlowList): readonly TextEdit[] | null {
  const start = onPair.colon + 1
  if (!isOneLine(file, onPair) || file.text.slice(start, list.start).trim() !== '') return null
  const lines = list.items.flatMap((item) => [`${textOf(file, item)}:`, ...(isPush(item) ? filters.map((filter) => `  ${filter}`) : [])])
  return [{ start, end: list.end, text: lines.map((line) => `\n  ${line}`).join('') }]
}

/** The dashes go, and with them their room where the list is indented below `on`. */
function fromBlockList(file: PipelineFile, list: SequenceNode, filters: readonly string[]): readonly TextEdit[] | null {
  const edits: TextEdit[] = []
  for (const item of list.items) {
    const lineStart = file.lines.lineStart(file.lines.lineOf(item.start))
    const lead = /^( *)-( +)$/.exec(file.text.slice(lineStart, item.start))
    if (lead === null) return null
    const [, before = '', gap = ''] = lead
    const indent = before === '' ? 1 + gap.length : before.length
    edits.push({ start: lineStart + before.length, end: item.start, text: before === '' ? ' '.repeat(indent) : '' }, { start: item.end, end: item.end, text: ':' })
    if (isPush(item)) edits.push(insertBelow(file, item.end, { indent: indent + 2, lines: filters }))
  }
  return edits
}

const textOf = (file: PipelineFile, { start, end }: SequenceNode['items'][number]): string => file.text.slice(start, end)
const isPush = (item: SequenceNode['items'][number]): boolean => item.kind === 'scalar' && item.text === 'push'
