// Where a file has expressions: every scalar and key with braces, every condition, with what the schema offers and asks for
// there. Leaves out keys that the schema does not know: nothing can be said about them.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Step } from '../workflow/step.ts'
import type { MapType, Schema, Type } from './schema.ts'
import { hasExpression, resolve } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'
import { NOTHING_OFFERED, offeredBelow, type Availability } from './availability.ts'
import { chooseMap } from './choose-map.ts'
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
const INTEREST = /\$\{\{|\bif['"]?[ \t]*:/g

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
  const isInteresting = createSearch(source)
  const { jobs, steps } = ownersOf(file)

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
      if (hasExpression(key.text)) addKey(pair, { ...here, job, step })
      if (PROSE.has(key.text)) continue
      const name = typeNameOf(key.text, [choice.map, ...choice.others])
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
    const spans = what.isCondition ? expressionsInCondition(source, scalar) : expressionsIn(source, scalar)
    const open = hasExpression(scalar.text) ? source.indexOf('${{', spans.at(-1)?.end ?? scalar.start) : -1
    const unclosed = open >= 0 && open < scalar.end ? open : null
    if (spans.length === 0 && unclosed === null) return
    const isWhole = spans.length === 1 && unclosed === null && (scalar.text.startsWith('${{') ? scalar.text.endsWith('}}') : !hasExpression(scalar.text))
    sites.push({ ...what, scalar, job, step, input, offered, spans, isWhole, unclosed })
  }

  return { sites, visit }
}

/** A condition is an expression without braces too. */
const isConditionType = (name: string): boolean => name.endsWith('-if')

function typeNameOf(key: string, maps: readonly MapType[]): string | null {
  for (const map of maps) {
    const name = map.properties.get(key)?.type ?? map.loose
    if (name !== null) return name
  }
  return null
}

/** Says whether anything between two offsets can be an expression. */
function createSearch(source: string): (range: { readonly start: number; readonly end: number }) => boolean {
  const offsets = [...source.matchAll(INTEREST)].map(({ index }) => index)
  return ({ start, end }) => {
    let low = 0
    let high = offsets.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((offsets[middle] ?? 0) < start) low = middle + 1
      else high = middle
    }
    return (offsets[low] ?? Infinity) < end
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
