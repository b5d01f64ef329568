// Where a file has expressions: every scalar and key with braces, every condition, with what the schema offers and asks for
// there. Leaves out keys that the schema does not know: nothing can be said about them.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Step } from '../workflow/step.ts'
import type { Range } from '../rules/rule.ts'
import type { Schema, Type } from './schema.ts'
import { hasExpression, resolve } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'
import { NOTHING_OFFERED, offeredBelow, type Availability } from './availability.ts'
import { chooseMap, type Choice } from './choose-map.ts'
import { expressionsIn, expressionsInCondition, type ExpressionSpan } from './expression-spans.ts'
import { schemaOf } from './schema.ts'

/** To whom a place belongs. */
export interface SitePlace {
  readonly job: Job | null
  readonly step: Step | null
  /** The input of a called workflow whose declaration it stands in. */
  readonly input: string | null
}

export interface ExpressionSite extends SitePlace {
  readonly scalar: ScalarNode
  readonly isKey: boolean
  /** The value of an `if`. */
  readonly isCondition: boolean
  /** What the schema asks for here; null where everything is taken. */
  readonly type: Type | null
  readonly offered: Availability
  readonly spans: readonly ExpressionSpan[]
  /** The one expression is all there is, so its value keeps its kind. */
  readonly isWhole: boolean
  /** Offset of braces that are never closed. */
  readonly unclosed: number | null
}

interface Here extends SitePlace {
  readonly offered: Availability
  readonly depth: number
}

/** Trees are bounded, chains of aliases are not. */
const MAX_DEPTH = 100
/** Text for people: GitHub reads no expression there and refuses none. */
const PROSE: ReadonlySet<string> = new Set(['description', 'deprecationMessage', 'author'])

const known = new WeakMap<PipelineFile, readonly ExpressionSite[]>()

/** In the order of the walk; none for a file of unknown kind. An anchored node is met once for each type it is used as. */
export function expressionSites(file: PipelineFile): readonly ExpressionSite[] {
  let sites = known.get(file)
  if (!sites) known.set(file, (sites = collect(file)))
  return sites
}

function collect(file: PipelineFile): readonly ExpressionSite[] {
  const schema = file.kind === 'workflow' || file.kind === 'action' ? schemaOf(file.kind) : null
  const { root } = file.tree
  if (schema === null || root === null) return []
  const walker = createWalker(file, schema)
  walker.visit(root, schema.root, { job: null, step: null, input: null, offered: NOTHING_OFFERED, depth: 0 })
  return walker.sites
}

function createWalker(file: PipelineFile, schema: Schema) {
  const source = file.text
  const sites: ExpressionSite[] = []
  const seen = new Map<YamlNode, Set<string>>()
  const braces = createSearch(source, /\$\{\{/g)
  const conditions = createSearch(source, /\bif['"]?[ \t]*:/g)
  const { jobs, steps } = ownersOf(file)

  /** Whether anything there can be an expression. */
  const isInteresting = ({ start, end }: Range): boolean => braces.lastIn(start, end) >= 0 || conditions.lastIn(start, end) >= 0

  function visit(node: YamlNode, name: string, here: Here): void {
    const value = resolve(node)
    if (value === null || here.depth > MAX_DEPTH || !(isConditionType(name) || isInteresting(value)) || wasSeen(value, name)) return
    const type = schema.type(name)
    const below = { ...here, offered: offeredBelow(here.offered, type.contexts), depth: here.depth + 1 }
    if (type.any) visitAnything(value, below)
    else if (value.kind === 'scalar') addSite(value, type, below)
    else if (value.kind === 'sequence') for (const item of value.items) visit(item, type.items ?? 'any', below)
    else visitMapping(value, type, below)
  }

  function wasSeen(node: YamlNode, name: string): boolean {
    if (node.anchor === null) return false
    const names = seen.get(node) ?? new Set()
    seen.set(node, names)
    return names.has(name) || names.add(name).size === 0
  }

  function visitMapping(node: MappingNode, type: Type, here: Here): void {
    const choice = chooseMap(node, type)
    if (!choice) return
    const step = steps.get(node) ?? here.step
    const job = step?.job ?? jobs.get(node) ?? here.job
    for (const pair of node.pairs) {
      const { key, value } = pair
      if (value.kind !== 'alias' && !isInteresting({ start: key.start, end: value.end })) continue
      if (hasExpression(key.text)) addKey(pair, { ...here, job, step })
      if (PROSE.has(key.text)) continue
      const name = typeNameOf(key.text, choice)
      if (name === null) continue
      const input = choice.map.name === 'workflow-call-inputs' ? key.text : here.input
      visit(value, name, { ...here, job, step, input })
    }
  }

  function visitAnything(node: Exclude<YamlNode, { kind: 'alias' }>, here: Here): void {
    if (here.offered === NOTHING_OFFERED) return
    if (node.kind === 'scalar') addSite(node, null, here)
    else if (node.kind === 'sequence') for (const item of node.items) visit(item, 'any', here)
    else {
      for (const pair of node.pairs) {
        if (hasExpression(pair.key.text)) addKey(pair, here)
        visit(pair.value, 'any', here)
      }
    }
  }

  function addKey({ key }: Pair, here: Here): void {
    // The one directive of templates: it inserts the map that follows.
    if (/^\$\{\{\s*insert\s*\}\}$/.test(key.text)) return
    add(key, { type: null, isKey: true, isCondition: false }, here)
  }

  function addSite(node: ScalarNode, type: Type | null, here: Here): void {
    add(node, { type, isKey: false, isCondition: type !== null && isConditionType(type.name) }, here)
  }

  function add(scalar: ScalarNode, what: Pick<ExpressionSite, 'type' | 'isKey' | 'isCondition'>, { job, step, input, offered }: Here): void {
    // The source is searched rather than the value: decoding every script would cost more than all the rest.
    const open = braces.lastIn(scalar.start, scalar.end)
    if (open < 0 && !what.isCondition) return
    const spans = what.isCondition ? expressionsInCondition(source, scalar) : expressionsIn(source, scalar)
    const unclosed = open >= (spans.at(-1)?.end ?? scalar.start) ? open : null
    if (spans.length === 0 && unclosed === null) return
    const isWhole = unclosed === null && spans.length === 1 && (open < 0 || isAll(source, scalar, spans[0]))
    sites.push({ ...what, scalar, job, step, input, offered, spans, isWhole, unclosed })
  }

  return { sites, visit }
}

/** Nothing stands beside the expression: the parts of a text make it text. */
function isAll(source: string, scalar: ScalarNode, span: ExpressionSpan | undefined): boolean {
  if (!span) return false
  const { style, start, end } = scalar
  if (style === 'plain') return span.start === start && span.end === end
  if (style === 'single' || style === 'double') return span.start === start + 1 && span.end === end - 1
  let first = source.indexOf('\n', start)
  while (first < span.start && ' \r\n'.includes(source.charAt(first))) first++
  return first === span.start && scalar.text.startsWith('${{') && scalar.text.endsWith('}}')
}

/** A condition is an expression without braces too. */
const isConditionType = (name: string): boolean => name.endsWith('-if')

function typeNameOf(key: string, { map, others }: Choice): string | null {
  const name = map.properties.get(key)?.type ?? map.loose
  if (name !== null) return name
  const other = others.find(({ properties, loose }) => properties.has(key) || loose !== null)
  return other ? (other.properties.get(key)?.type ?? other.loose) : null
}

/** Finds the places of a pattern once, to ask for any range of the file. */
function createSearch(source: string, pattern: RegExp): { lastIn(start: number, end: number): number } {
  const offsets = [...source.matchAll(pattern)].map(({ index }) => index)
  return {
    /** Offset of the last place between two offsets; -1 when there is none. */
    lastIn(start, end) {
      let low = 0
      let high = offsets.length
      while (low < high) {
        const middle = (low + high) >> 1
        if ((offsets[middle] ?? 0) < end) low = middle + 1
        else high = middle
      }
      const last = offsets[low - 1] ?? -1
      return last >= start ? last : -1
    },
  }
}

function ownersOf({ workflow, action }: PipelineFile): { jobs: ReadonlyMap<YamlNode, Job>; steps: ReadonlyMap<YamlNode, Step> } {
  const jobs = new Map<YamlNode, Job>()
  const steps = new Map<YamlNode, Step>()
  for (const job of workflow?.jobs ?? []) if (!jobs.has(job.node)) jobs.set(job.node, job)
  for (const { steps: list } of [...(workflow?.jobs ?? []), ...(action ? [action] : [])]) {
    for (const step of everyStep(list)) if (!steps.has(step.node)) steps.set(step.node, step)
  }
  return { jobs, steps }
}
