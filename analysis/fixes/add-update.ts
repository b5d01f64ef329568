// Edits of a Dependabot configuration: an entry behind the last one, and further folders for an entry.
// Leaves out flow collections, aliases, and lists that are indented in a way of their own.
import type { EditsFix } from '../rules/rule.ts'
import type { Pair } from '../source/node.ts'
import type { DependabotUpdate } from '../workflow/dependabot-config.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { findPair } from '../workflow/nodes.ts'

interface NewUpdate {
  readonly ecosystem: string
  /** At least one, each with its leading slash. */
  readonly directories: readonly string[]
  readonly cooldownDays: number
}

const fixOf = (description: string, edit: EditsFix['edits'][number]): EditsFix => ({ kind: 'edits', safety: 'safe', description, edits: [edit] })

/** Adds an entry at the end of `updates`; null where the list is empty or no plain block list of maps. */
export function addUpdate(file: PipelineFile, updates: Pair, { ecosystem, directories, cooldownDays }: NewUpdate): EditsFix | null {
  const list = updates.value
  const last = list.kind === 'sequence' && !list.flow ? list.items.at(-1) : undefined
  if (last?.kind !== 'mapping' || last.flow || last.anchor !== null) return null
  const { text, lines } = file
  const start = lines.lineStart(lines.lineOf(last.start))
  const lead = /^( *)-( +)$/.exec(text.slice(start, last.start))
  if (lead === null) return null
  const [, before = '', gap = ' '] = lead
  const inner = ' '.repeat(1 + gap.length)
  const keys = [`package-ecosystem: ${ecosystem}`, ...(directories.length === 1 ? [`directory: ${directories[0] ?? '/'}`] : ['directories:', ...directories.map((each) => `  - ${each}`)]), 'schedule:', '  interval: weekly', 'cooldown:', `  default-days: ${cooldownDays}`]
  // A block collection's end is no place to splice: back to the last line that holds something.
  const end = start + text.slice(start, last.end).trimEnd().length
  const entry = keys.map((key, index) => (index === 0 ? `-${gap}${key}` : `${inner}${key}`))
  return fixOf(`Watch ${ecosystem}`, insertBelow(file, end, { indent: before.length, lines: entry }))
}

/** Adds folders to what an entry watches; null where it names none on a line of its own. */
export function watchFolders(file: PipelineFile, { node }: DependabotUpdate, folders: readonly string[]): EditsFix | null {
  const description = `Watch ${folders.length === 1 ? (folders[0] ?? '') : `${folders.length} more folders`}`
  const single = findPair(node, 'directory')
  if (single?.value.kind === 'scalar' && !node.flow && isOneLine(file, single)) {
    const indent = ' '.repeat(file.lines.positionAt(single.key.start).column - 1)
    const old = file.text.slice(single.value.start, single.value.end)
    const items = [old, ...folders].map((folder) => `\n${indent}  - ${folder}`).join('')
    return fixOf(description, { start: single.key.start, end: single.value.end, text: `directories:${items}` })
  }
  const several = findPair(node, 'directories')?.value
  const last = several?.kind === 'sequence' && !several.flow ? several.items.at(-1) : undefined
  if (last?.kind !== 'scalar' || last.style === 'literal' || last.style === 'folded') return null
  const lead = /^( *)- +$/.exec(file.text.slice(file.lines.lineStart(file.lines.lineOf(last.start)), last.start))
  return lead === null ? null : fixOf(description, insertBelow(file, last.end, { indent: (lead[1] ?? '').length, lines: folders.map((folder) => `- ${folder}`) }))
}
