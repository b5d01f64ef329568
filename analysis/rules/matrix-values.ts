// Finds values that stand twice in a matrix row, and `exclude` entries that exclude nothing. Leaves out rows and values
// given by an expression. A value that only `include` adds counts as present.
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { RuleContext } from './rule.ts'
import { asMapping, asScalar, asSequence, hasExpression, lookup, resolve } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

type Context = RuleContext<'repeated' | 'noMatrix' | 'noRow' | 'noValue'>

/** Rows of more values are generated, and comparing them all would take long. */
const MAX_VALUES = 500
const MAX_DEPTH = 20

export const matrixValues = defineRule({
  meta: {
    id: 'matrix-values',
    summary: 'Let every matrix value and every exclude change what runs',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['matrix'] },
    messages: {
      repeated: { text: "the matrix row '{row}' has {value} twice, so its jobs run twice", severity: 'low' },
      noMatrix: "'exclude' has no matrix rows to exclude from",
      noRow: "'exclude' names '{row}', and the matrix has no such row, so the entry excludes nothing",
      noValue: "'exclude' names {value}, and the matrix row '{row}' has no such value, so the entry excludes nothing",
    },
  },
  create(ctx) {
    const met = new Set<MappingNode>()
    return {
      job({ matrix }) {
        if (matrix?.kind !== 'mapping' || met.has(matrix)) return
        met.add(matrix)
        const rows = rowsOf(matrix)
        for (const [row, values] of rows) checkRow(ctx, row, values)
        checkExcludes(ctx, matrix, rows)
      },
    }
  },
})

/** Row -> its values; null for a row that an expression gives. */
type Rows = ReadonlyMap<string, readonly YamlNode[] | null>

function rowsOf(matrix: MappingNode): Rows {
  return new Map(matrix.pairs.flatMap(({ key, value }): [string, readonly YamlNode[] | null][] => {
    if (key.text === 'include' || key.text === 'exclude') return []
    return [[key.text.toLowerCase(), asSequence(value)?.items ?? null]]
  }))
}

function checkRow(ctx: Context, row: string, values: readonly YamlNode[] | null): void {
  const seen = new Set<string>()
  for (const node of values?.slice(0, MAX_VALUES) ?? []) {
    if (holdsExpression(node, 0)) continue
    const text = canonical(node, 0)
    if (seen.has(text)) ctx.report({ message: 'repeated', at: firstLine(ctx, node), data: { row, value: shown(node) } })
    seen.add(text)
  }
}

function checkExcludes(ctx: Context, matrix: MappingNode, rows: Rows): void {
  const exclude = matrix.pairs.find(({ key }) => key.text === 'exclude')
  const list = asSequence(exclude?.value)
  if (exclude === undefined || list === null || list.items.length === 0) return
  const include = lookup(matrix, 'include')
  // What an expression includes may be anything.
  if ((include !== null && include.kind !== 'sequence') || [...rows.keys()].some((row) => hasExpression(row))) return
  const items = include?.items ?? []
  if (items.some((item) => hasExpression(asScalar(item)?.text ?? ''))) return
  const added = items.map((item) => asMapping(item)).filter((item) => item !== null)
  if (rows.size === 0 && added.length === 0) {
    ctx.report({ message: 'noMatrix', at: exclude.key })
    return
  }
  for (const item of list.items) {
    for (const { key, value } of asMapping(item)?.pairs ?? []) {
      if (hasExpression(key.text)) continue
      const row = key.text.toLowerCase()
      const more = added.flatMap((entry) => entry?.pairs.filter((pair) => pair.key.text.toLowerCase() === row).map((pair) => pair.value) ?? [])
      const values = rows.get(row)
      if (values === undefined && more.length === 0) ctx.report({ message: 'noRow', at: key, data: { row: key.text } })
      else if (values !== null && ![...(values ?? []), ...more].some((each) => isCovered(each, value, 0))) {
        ctx.report({ message: 'noValue', at: firstLine(ctx, value), data: { row: key.text, value: shown(value) } })
      }
    }
  }
}

/** Whether an `exclude` value matches: maps by the keys that it names, everything else whole. Expressions match anything. */
function isCovered(value: YamlNode, filter: YamlNode, depth: number): boolean {
  const [has, wants] = [resolve(value), resolve(filter)]
  if (has === null || wants === null || depth > MAX_DEPTH) return true
  if ([has, wants].some((node) => node.kind === 'scalar' && hasExpression(node.text))) return true
  if (has.kind === 'mapping' && wants.kind === 'mapping') {
    return wants.pairs.every((pair) => has.pairs.some((other) => other.key.text === pair.key.text && isCovered(other.value, pair.value, depth + 1)))
  }
  if (has.kind === 'sequence' && wants.kind === 'sequence') {
    return has.items.length === wants.items.length && has.items.every((item, index) => isCovered(item, wants.items[index] ?? item, depth + 1))
  }
  return has.kind === 'scalar' && wants.kind === 'scalar' && (has.text.toLowerCase() === wants.text.toLowerCase() || has.value === wants.value)
}

function holdsExpression(node: YamlNode, depth: number): boolean {
  const value = resolve(node)
  if (value === null || depth > MAX_DEPTH) return true
  if (value.kind === 'scalar') return hasExpression(value.text)
  const below = value.kind === 'sequence' ? value.items : value.pairs.map((pair) => pair.value)
  return below.some((item) => holdsExpression(item, depth + 1))
}

/** The same text for equal values; a number and its text differ. */
function canonical(node: YamlNode, depth: number): string {
  const value = resolve(node)
  if (value === null || depth > MAX_DEPTH) return ''
  if (value.kind === 'scalar') return JSON.stringify(value.value)
  if (value.kind === 'sequence') return `[${value.items.map((item) => canonical(item, depth + 1)).join()}]`
  return `{${value.pairs.map((pair) => `${JSON.stringify(pair.key.text)}:${canonical(pair.value, depth + 1)}`).sort().join()}}`
}

function shown(node: YamlNode): string {
  const value = resolve(node)
  if (value?.kind !== 'scalar') return value?.kind === 'sequence' ? 'this list' : 'this combination'
  return `'${value.text}'`
}

function firstLine({ file }: Context, { start, end }: YamlNode): { start: number; end: number } {
  return { start, end: Math.max(start, Math.min(end, file.lines.lineEnd(file.lines.lineOf(start)))) }
}
