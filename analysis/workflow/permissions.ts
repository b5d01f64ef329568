// A `permissions` key of a workflow or a job.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import { asScalar, resolve } from './nodes.ts'

export interface PermissionScope {
  readonly name: string
  /** `read`, `write`, `none`, or what was written there; '' for a value that is no scalar. */
  readonly access: string
  readonly key: ScalarNode
  readonly value: YamlNode
}

export interface Permissions {
  readonly pair: Pair
  /** 'all' is `read-all`, `write-all` or another single word; 'scopes' a map, `{}` included; 'empty' no value; 'other' a list. */
  readonly kind: 'all' | 'scopes' | 'empty' | 'other'
  /** The single word of kind 'all', else ''. */
  readonly word: string
  readonly scopes: readonly PermissionScope[]
  readonly node: MappingNode | ScalarNode | null
}

export function readPermissions(pair: Pair | undefined): Permissions | null {
  if (pair === undefined) return null
  const node = resolve(pair.value)
  if (node === null || node.kind === 'sequence') return { pair, kind: 'other', word: '', scopes: [], node: null }
  if (node.kind === 'scalar') return { pair, kind: node.value === null ? 'empty' : 'all', word: node.text, scopes: [], node }
  const scopes = node.pairs.map(({ key, value }) => ({ name: key.text, access: asScalar(value)?.text ?? '', key, value }))
  return { pair, kind: 'scopes', word: '', scopes, node }
}
