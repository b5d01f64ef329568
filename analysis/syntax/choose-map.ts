// Which of several maps a value is meant to be: by the keys that it has, as GitHub narrows them, and by how well they fit.
import type { MappingNode } from '../source/node.ts'
import { findPair, lookup } from '../workflow/nodes.ts'
import type { MapType, Type } from './schema.ts'

export interface Choice {
  readonly map: MapType
  /** The key that decided; null when none did, or when there was nothing to choose. */
  readonly by: string | null
  readonly others: readonly MapType[]
}

/** Null when `type` has no map. */
export function chooseMap(node: MappingNode, type: Type): Choice | null {
  const { maps } = type
  if (maps.length < 2) return undecided(type)
  const best = selectMap(node, type) ?? decideByKey(node, type) ?? fitBest(node, maps)
  return { map: best.map, by: best.by?.key ?? null, others: type.others.get(best.map) ?? [] }
}

/** The first map, for a value without keys; null when `type` has no map. */
export function undecided({ maps, others }: Type): Choice | null {
  const [map] = maps
  return map === undefined ? null : { map, by: null, others: others.get(map) ?? [] }
}

interface Decision {
  readonly map: MapType
  readonly by: Deciding | null
}

/** Nearly every map has the deciding key of one kind and of no other. */
function decideByKey(node: MappingNode, { deciding }: Type): Decision | null {
  let decision: Decision | null = null
  for (const { key } of node.pairs) {
    const map = deciding.get(key.text)
    if (map === undefined) continue
    if (decision && decision.map !== map) return null
    decision ??= { map, by: { key: key.text, start: key.start } }
  }
  return decision
}

function fitBest(node: MappingNode, maps: readonly MapType[]): Decision {
  const present = new Set(node.pairs.map(({ key }) => key.text))
  const scored = maps.map((map) => ({ map, score: fitOf(map, present), by: firstOf(map.required, node) }))
  return scored.reduce((winner, next) => (isBetter(next, winner) ? next : winner))
}

interface Deciding {
  readonly key: string
  readonly start: number
}

function selectMap(node: MappingNode, { select, maps }: Type): Decision | null {
  if (!select) return null
  const value = lookup(node, select.key)
  if (value?.kind !== 'scalar') return null
  const name = select.values[value.text] ?? select.else
  const map = maps.find((candidate) => candidate.name === name)
  return map ? { map, by: { key: `${select.key}: ${value.text}`, start: value.start } } : null
}

/** Above zero when a required key is there; more when all are, then by how many keys are known. */
function fitOf(map: MapType, present: ReadonlySet<string>): number {
  const required = map.required.filter((key) => present.has(key)).length
  let known = 0
  for (const key of present) if (map.properties.has(key)) known++
  return (required > 0 ? 1_000 : 0) + (required > 0 && required === map.required.length ? 10_000 : 0) + known
}

function isBetter(a: { score: number; by: Deciding | null }, b: { score: number; by: Deciding | null }): boolean {
  if (a.score !== b.score) return a.score > b.score
  return a.by !== null && b.by !== null && a.by.start < b.by.start
}

function firstOf(keys: readonly string[], node: MappingNode): Deciding | null {
  const starts = keys.flatMap((key) => {
    const pair = findPair(node, key)
    return pair ? [{ key, start: pair.key.start }] : []
  })
  return starts.sort((a, b) => a.start - b.start)[0] ?? null
}
