// Reads the positioned tree through aliases: an alias is followed to its anchored node, never expanded.
import type { MappingNode, Pair, ScalarNode, SequenceNode, YamlNode } from '../source/node.ts'

/** The node itself, or what an alias points to; null for an alias without a target. */
export function resolve(node: YamlNode): MappingNode | SequenceNode | ScalarNode | null {
  let current: YamlNode | null = node
  // An anchored node is never itself an alias in valid YAML; the bound holds for recovered trees too.
  for (let hops = 0; current !== null && current.kind === 'alias'; hops++) current = hops < 8 ? current.target : null
  return current
}

export function asMapping(node: YamlNode | undefined | null): MappingNode | null {
  const resolved = node ? resolve(node) : null
  return resolved?.kind === 'mapping' ? resolved : null
}

export function asSequence(node: YamlNode | undefined | null): SequenceNode | null {
  const resolved = node ? resolve(node) : null
  return resolved?.kind === 'sequence' ? resolved : null
}

export function asScalar(node: YamlNode | undefined | null): ScalarNode | null {
  const resolved = node ? resolve(node) : null
  return resolved?.kind === 'scalar' ? resolved : null
}

/** The first pair with that key, or undefined; keys are compared with case. */
export function findPair(mapping: MappingNode | null, name: string): Pair | undefined {
  if (mapping === null) return undefined
  for (const pair of mapping.pairs) if (pair.key.text === name) return pair
  return undefined
}

/** The value under a key, aliases followed; null when the key is absent. */
export function lookup(mapping: MappingNode | null, name: string): MappingNode | SequenceNode | ScalarNode | null {
  const pair = findPair(mapping, name)
  return pair === undefined ? null : resolve(pair.value)
}

/** The scalar itself, or every scalar item of a sequence, aliases followed: the `needs: a` / `needs: [a, b]` shape. */
export function scalarsOf(node: YamlNode | undefined | null): readonly ScalarNode[] {
  const resolved = node ? resolve(node) : null
  if (resolved === null || resolved.kind === 'mapping') return []
  if (resolved.kind === 'scalar') return isNull(resolved) ? [] : [resolved]
  const scalars: ScalarNode[] = []
  for (const item of resolved.items) {
    const scalar = asScalar(item)
    if (scalar !== null) scalars.push(scalar)
  }
  return scalars
}

export const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null

/** Whether a text contains an expression, `${{ ... }}`. */
export const hasExpression = (text: string): boolean => text.includes('${{')
