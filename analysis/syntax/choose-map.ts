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

/** `type` has at least one map; `present` are the keys of `node`. */
export function chooseMap(node: MappingNode, type: Type, present: ReadonlySet<string>): Choice | null {
  const selected = selectMap(node, type)
  const scored = type.maps.map((map) => ({ map, score: fitOf(map, present), by: firstOf(map.required, node) }))
  const best = selected ?? scored.reduce<(typeof scored)[number] | null>((winner, next) => (winner && !isBetter(next, winner) ? winner : next), null)
  return best && { map: best.map, by: best.by?.key ?? null, others: type.maps.filter((map) => map !== best.map) }
}

interface Deciding {
  readonly key: string
  readonly start: number
}

function selectMap(node: MappingNode, { select, maps }: Type): { map: MapType; by: Deciding | null } | null {
  const value = select && lookup(node, select.key)
  if (value?.kind !== 'scalar') return null
  const name = select?.values[value.text] ?? select?.else
  const map = maps.find((candidate) => candidate.name === name)
  return map ? { map, by: { key: `${select?.key ?? ''}: ${value.text}`, start: value.start } } : null
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
