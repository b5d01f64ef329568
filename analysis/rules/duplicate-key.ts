// Finds a key that stands twice in one map, and keys of workflows and actions that differ only in case, which GitHub ignores.
// Leaves out ids that repeat in a list or across maps (duplicate-id), and a wrong-cased twin of a key (unknown-key).
import type { MappingNode, Pair, YamlNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { EditsFix } from './rule.ts'
import { schemaProblems } from '../syntax/schema-problems.ts'
import { isOneLine } from '../workflow/insert-lines.ts'
import { defineRule } from './rule.ts'

export const duplicateKey = defineRule({
  meta: {
    id: 'duplicate-key',
    summary: 'Set every key once',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['syntax-check'] },
    messages: {
      repeated: "'{key}' is already set on line {line}; keep one of the two",
      caseOnly: "'{key}' differs only in case from '{other}' on line {line}, and GitHub ignores case; rename or remove one of the two",
    },
  },
  create(ctx) {
    return {
      file(file) {
        const ignoresCase = file.kind === 'workflow' || file.kind === 'action'
        const hasExact = file.tree.problems.some(({ code }) => code === 'duplicate-key')
        const unknown = new Set(schemaProblems(file, ctx.registry).filter(({ kind }) => kind === 'unknown-key').map(({ start }) => start))
        for (const map of mapsOf(file.tree.root)) {
          // The parser has met every exact copy; two keys can differ in case only where one has a capital.
          if (!hasExact && !(ignoresCase && map.pairs.length > 1 && map.pairs.some(({ key }) => CAPITAL.test(key.text)))) continue
          for (const { first, again } of repeatedPairs(map, ignoresCase)) {
            const isExact = first.key.text === again.key.text
            // Of `run` and `RUN` the schema knows one: then the other is the mistake, and reported as such.
            if (!isExact && (unknown.has(first.key.start) || unknown.has(again.key.start))) continue
            const data = { key: again.key.text, other: first.key.text, line: file.lines.lineOf(first.key.start) }
            ctx.report({ message: isExact ? 'repeated' : 'caseOnly', at: again.key, data, fix: isExact ? dropCopy(file, map, { first, again }) : null })
          }
        }
      },
    }
  },
})

/** More copies in one map say nothing new. */
const MAX_REPEATED = 100
const CAPITAL = /[A-Z]/

interface Repetition {
  readonly first: Pair
  readonly again: Pair
}

/** Every map of the tree once, in the order of the text; what an alias points to is met where it stands. */
function mapsOf(root: YamlNode | null): readonly MappingNode[] {
  const maps: MappingNode[] = []
  const open: YamlNode[] = root ? [root] : []
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'mapping') maps.push(node)
    const size = node.kind === 'mapping' ? node.pairs.length : node.kind === 'sequence' ? node.items.length : 0
    for (let index = size - 1; index >= 0; index--) {
      const child = node.kind === 'mapping' ? node.pairs[index]?.value : node.kind === 'sequence' ? node.items[index] : undefined
      if (child?.kind === 'mapping' || child?.kind === 'sequence') open.push(child)
    }
  }
  return maps
}

function repeatedPairs({ pairs }: MappingNode, ignoresCase: boolean): readonly Repetition[] {
  const seen = new Map<string, Pair>()
  const found: Repetition[] = []
  for (const pair of pairs) {
    if (found.length >= MAX_REPEATED) break
    const name = ignoresCase ? pair.key.text.toLowerCase() : pair.key.text
    const first = seen.get(name)
    // Two merge keys are one problem less than the merge keys themselves.
    if (first === undefined) seen.set(name, pair)
    else if (name !== '<<') found.push({ first, again: pair })
  }
  return found
}

/** Removes the later copy's line, where both say the same and the line holds nothing else. */
function dropCopy(file: PipelineFile, map: MappingNode, { first, again }: Repetition): EditsFix | null {
  const { text, lines } = file
  const source = ({ value }: Pair): string => text.slice(value.start, value.end)
  if (map.flow || !isOneLine(file, first) || !isOneLine(file, again) || source(first) !== source(again)) return null
  if (again.value.anchor !== null || first.value.tag !== again.value.tag) return null
  const line = lines.lineOf(again.key.start)
  const start = lines.lineStart(line)
  const last = Math.max(again.value.end, again.colon + 1)
  if (text.slice(start, again.key.start).trim() !== '' || text.slice(last, lines.lineEnd(line)).trim() !== '') return null
  const end = line === lines.lineCount ? text.length : lines.lineStart(line + 1)
  return { kind: 'edits', safety: 'safe', description: `Remove the second '${again.key.text}', which says the same`, edits: [{ start, end, text: '' }] }
}
