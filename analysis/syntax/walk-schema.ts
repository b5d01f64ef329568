// Walks a positioned tree against a schema, once, and says where they differ. What an expression gives, and whether one may
// stand there, is for expression rules; an anchored node is checked once for each type that it is used as.
import type { MappingNode, Pair, ScalarNode, SequenceNode, YamlNode } from '../source/node.ts'
import { findPair, hasExpression, resolve } from '../workflow/nodes.ts'
import { chooseMap, undecided, type Choice } from './choose-map.ts'
import { describeBound, describeExpected, describeFound, hintFor } from './describe-value.ts'
import { nearMiss } from './near-miss.ts'
import type { InvalidValue, MissingKey, SchemaProblem } from './schema-problem.ts'
import type { Bound, KeyType, MapType, Schema, Type } from './schema.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** Where the walk stands: the way back to the root, and what the value inherits. */
interface Here {
  readonly above: Here | null
  readonly label: string
  /** The key that holds the value, or the item's first key: where what the value lacks is reported. */
  readonly owner: Range
  readonly key: KeyType | null
  readonly depth: number
}

/** What is known of a map while its pairs are visited. */
interface MapPlace {
  /** Null for an empty value where a map is needed. */
  readonly node: MappingNode | null
  readonly choice: Choice
  readonly here: Here
  /** Keys that misspelt ones were meant to be. */
  readonly meant: string[]
  /** How many keys resemble none. */
  strange: number
  /** All keys; made when the first unknown one is met, so that many of them stay linear. */
  present?: ReadonlySet<string>
}

/** Trees are bounded, chains of aliases are not. */
const MAX_DEPTH = 100
/** A file with more problems than this is no pipeline; the first ones say so. */
const MAX_PROBLEMS = 1_000

/** Every difference between the tree and the schema, at most 1,000, in the order of the text. */
export function walkSchema(root: YamlNode, source: string, schema: Schema): readonly SchemaProblem[] {
  const problems = new Map<string, SchemaProblem>()
  const seen = new Map<YamlNode, Set<string>>()

  /** An anchored node is met at each of its aliases: one problem stays one. */
  function add(problem: SchemaProblem): void {
    const what = problem.kind === 'missing-key' ? problem.keys.join() : problem.kind === 'invalid-value' ? problem.reason : problem.key
const name = `${problem.kind} ${problem.start} ${what}`
    if (!problems.has(name) && problems.size < MAX_PROBLEMS) problems.set(name, problem)
  }

  function visit(node: YamlNode, name: string, here: Here): void {
    const value = resolve(node)
    if (value === null || here.depth > MAX_DEPTH || problems.size >= MAX_PROBLEMS || wasSeen(value, name)) return
    const type = schema.type(name)
    if (type.any) return
    if (value.kind === 'scalar') visitScalar(value, type, here)
    else if (value.kind === 'sequence') visitSequence(value, type, here)
    else visitMapping(value, type, here)
  }

  function wasSeen(node: YamlNode, name: string): boolean {
    if (node.anchor === null) return false
    const names = seen.get(node) ?? new Set()
    seen.set(node, names)
    return names.has(name) || names.add(name).size === 0
  }

  function visitScalar(node: ScalarNode, type: Type, here: Here): void {
    if (hasExpression(node.text)) return
    // Where only a map can stand, GitHub refuses a key without a value.
    if (node.text === '' && type.hollow && (type.text !== 'none' || type.items !== null)) {
      addHollow(node, type, here)
      return
    }
    const bound = here.key?.bound ?? null
    if (acceptsScalar(node, type)) {
      if (bound && typeof node.value === 'number' && !isWithin(node.value, bound)) addInvalid(node, here, { reason: 'range', expected: describeBound(bound) })
      return
    }
    const choice = node.text === '' && type.items === null ? undecided(type) : null
    if (choice && addMissing({ node: null, choice, here, meant: [], strange: 0 })) return
    const reason = node.text === '' ? 'empty' : type.constants.length > 0 ? 'list' : 'kind'
    if (type.elsewhere && (reason === 'list' || onlyNothing(type))) return
    const hint = hintFor(node, type)
    const newer = reason === 'list' && type.growing && hint === ''
    addInvalid(node, here, { reason, expected: bound ? describeBound(bound) : describeExpected(type), hint, ...(newer ? { doubt: 'newer' } : {}) })
  }

  function visitSequence(node: SequenceNode, type: Type, here: Here): void {
    const { items } = type
    if (items === null) {
      if (!(type.elsewhere && onlyNothing(type))) addInvalid(node, here, { reason: 'kind', expected: describeExpected(type) })
      return
    }
    if (node.items.length === 0 && type.filled) addInvalid(node, here, { reason: 'empty', expected: describeExpected(type) })
    if (node.items.length === 0 && type.hollow) addHollow(node, type, here)
    if (items === 'any') return
    const itemType = schema.type(items)
    for (const [index, item] of node.items.entries()) {
      if (isPlainlyRight(item, itemType)) continue
      visit(item, items, { above: here, label: `[${index}]`, owner: ownerOf(item), key: null, depth: here.depth + 1 })
    }
  }

  function visitMapping(node: MappingNode, type: Type, here: Here): void {
    const choice = chooseMap(node, type)
    if (!choice) {
      if (!(type.elsewhere && onlyNothing(type))) addInvalid(node, here, { reason: 'kind', expected: describeExpected(type) })
      return
    }
    if (node.pairs.length === 0 && type.filled) {
      addInvalid(node, here, { reason: 'empty', expected: describeExpected(type) })
      return
    }
    if (node.pairs.length === 0 && type.hollow && choice.map.required.length === 0) addHollow(node, type, here)
    const place: MapPlace = { node, choice, here, meant: [], strange: 0 }
    for (const pair of node.pairs) visitPair(pair, place)
    // A map of no known kind with a key of no known name may be of a kind that is newer than our data.
    if (choice.by === null && choice.others.length > 0 && place.strange > 0) return
    addMissing(place)
  }

  function visitPair(pair: Pair, place: MapPlace): void {
    const { node, choice, here } = place
    const { text: key, start, end } = pair.key
    const property = choice.map.properties.size > 0 ? choice.map.properties.get(key) : undefined
    const name = property?.type ?? choice.map.loose
    if (name !== null) {
      if (isPlainlyRight(pair.value, schema.type(name), property)) return
      visit(pair.value, name, { above: here, label: key, owner: pair.key, key: property ?? null, depth: here.depth + 1 })
      return
    }
    // A merge key is a problem of the text; a key given by an expression is known only when it runs.
    if (key === '<<' || hasExpression(key) || isElsewhere(choice.map, key) || problems.size >= MAX_PROBLEMS) return
    const isOthers = choice.others.some((other) => other.properties.has(key))
    if (isOthers && choice.by === null) return
    const present = (place.present ??= new Set(node?.pairs.map((other) => other.key.text)))
    const candidates = [choice.map, ...(choice.by === null ? choice.others : [])].flatMap(({ properties }) => [...properties.keys()])
    const near = isOthers ? null : nearMiss(key, candidates.filter((candidate) => !present.has(candidate)))
    const excludedBy = isOthers ? choice.by : near === null ? twinOf(key, candidates, present) : null
    if (near !== null) place.meant.push(near)
    else if (excludedBy === null) place.strange++
    add({ kind: 'unknown-key', start, end, place: placeOf(here), key, nearMiss: near, excludedBy })
  }

  /** True when something was missing. */
  function addMissing(place: MapPlace): boolean {
    const { map, by, others } = place.choice
    const instead = by === null ? others.map(({ required }) => required) : []
    const isOther = instead.some((keys) => keys.length > 0 && !keys.some((key) => lacks(place, key)))
    const isMissing = !isOther && map.required.some((key) => lacks(place, key))
    if (isMissing) putMissing(place, { keys: map.required.filter((key) => lacks(place, key)), instead, enforced: true })
    if (map.asked.some((key) => lacks(place, key))) putMissing(place, { keys: map.asked.filter((key) => lacks(place, key)), instead: [], enforced: false })
    for (const [first, ...rest] of map.alternatives) {
      if (first === undefined || ![first, ...rest].every((key) => lacks(place, key))) continue
      putMissing(place, { keys: [first], instead: rest.map((key) => [key]), enforced: true })
    }
    return isMissing
  }

  function putMissing({ here }: MapPlace, missing: Pick<MissingKey, 'keys' | 'instead' | 'enforced'>): void {
    const { start, end } = here.owner
    add({ kind: 'missing-key', start, end, place: placeOf(here), ...missing })
  }

  function addInvalid(node: MappingNode | SequenceNode | ScalarNode, here: Here, problem: Pick<InvalidValue, 'reason' | 'expected'> & Partial<InvalidValue>): void {
    const doubt = here.key?.tolerated ? 'tolerated' : null
    add({ kind: 'invalid-value', ...firstLine(node, source), place: placeOf(here), found: describeFound(node), hint: '', doubt, ...problem })
  }

  function addHollow(node: MappingNode | SequenceNode | ScalarNode, type: Type, here: Here): void {
    addInvalid(node, here, { reason: 'empty', expected: describeExpected(type, true), doubt: 'tolerated' })
  }

  visit(root, schema.root, { above: null, label: '', owner: ownerOf(root), key: null, depth: 0 })
  return [...problems.values()].sort((a, b) => a.start - b.start)
}

/** True where that can be said without decoding the text, as it can for most values. */
function isPlainlyRight(node: YamlNode, type: Type, key?: KeyType): boolean {
  if (type.any) return true
  if (node.kind !== 'scalar' || key?.bound) return false
  if (type.text === 'any') return !type.hollow || node.end > node.start + 2
  return type.text === 'filled' && node.end - node.start > 2 && node.style !== 'literal' && node.style !== 'folded'
}

function acceptsScalar(node: ScalarNode, type: Type): boolean {
  const { value, text } = node
  if (value === null && type.nothing) return true
  if (typeof value === 'boolean' && type.boolean) return true
  if (typeof value === 'number' && type.number) return true
  // GitHub turns every other scalar into text where text is allowed.
  return type.text === 'any' || (type.text === 'filled' && text !== '') || type.constants.includes(text)
}

function isWithin(value: number, { integer, above }: Bound): boolean {
  return value > above && (!integer || Number.isInteger(value))
}

function lacks({ node, meant }: MapPlace, key: string): boolean {
  return !findPair(node, key) && !meant.includes(key)
}

/** The key beside it that differs from a wrong one only in case: GitHub takes the two for one. */
function twinOf(key: string, candidates: readonly string[], present: ReadonlySet<string>): string | null {
  return candidates.find((candidate) => candidate.toLowerCase() === key.toLowerCase() && present.has(candidate)) ?? null
}

function isElsewhere({ elsewhere }: MapType, key: string): boolean {
  return elsewhere === 'all' || elsewhere.has(key)
}

function onlyNothing(type: Type): boolean {
  return type.nothing && type.maps.length === 0 && type.items === null && type.text === 'none'
}

/** What an item lacks is reported on its first key. */
function ownerOf(node: YamlNode): Range {
  const value = resolve(node)
  return (value?.kind === 'mapping' ? value.pairs[0]?.key : undefined) ?? node
}

function firstLine({ start, end }: Range, source: string): Range {
  const lineEnd = source.indexOf('\n', start)
  return { start, end: lineEnd < 0 ? end : Math.max(start, Math.min(end, lineEnd)) }
}

function placeOf(here: Here): string {
  const labels: string[] = []
  for (let at: Here | null = here; at; at = at.above) labels.push(at.label)
  return labels.reverse().reduce((path, label) => (path === '' || label.startsWith('[') ? path + label : `${path}.${label}`), '')
}
