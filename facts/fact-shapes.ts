// Whether a remembered value has the shape of its kind: a cache's file may be older than the program, or edited.
import type { FactValues } from '../analysis/fact.ts'
import { fieldOf, textOf } from './field-of.ts'

type FactKind = keyof FactValues

const COMMIT = /^[0-9a-f]{40}$/
const isList = (value: unknown, key: string, isEntry: (entry: unknown) => boolean): boolean => {
  const list = fieldOf(value, key)
  return Array.isArray(list) && list.every(isEntry)
}
const isText = (value: unknown): boolean => typeof value === 'string'

const SHAPES: Readonly<Record<FactKind, (value: unknown) => boolean>> = {
  ref: (value) => COMMIT.test(textOf(value, 'commit') ?? '') && ['tag', 'branch'].includes(textOf(value, 'type') ?? ''),
  releases: (value) => isList(value, 'releases', (release) => textOf(release, 'tag') !== null && textOf(release, 'publishedAt') !== null),
  repository: (value) => fieldOf(value, 'state') === 'gone' || (textOf(value, 'name') !== null && typeof fieldOf(value, 'isArchived') === 'boolean' && textOf(value, 'visibility') !== null),
  commit: (value) => typeof fieldOf(value, 'isInRepository') === 'boolean' && isList(value, 'tags', isText),
  action: (value) => isList(value, 'inputs', (input) => textOf(input, 'name') !== null) && isList(value, 'nested', isText),
  image: (value) => /^sha256:[0-9a-f]{64}$/.test(textOf(value, 'digest') ?? ''),
  advisories: (value) => isList(value, 'advisories', (advisory) => ['id', 'severity', 'range'].every((key) => textOf(advisory, key) !== null)),
  host: (value) => textOf(value, 'name') !== null,
}

/** The kind that a cache key (`https://api.github.com ref:...`) names; null for none. */
export function kindIn(key: string): FactKind | null {
  const kind = /^\S+ (\w+):/.exec(key)?.[1] ?? ''
  return Object.hasOwn(SHAPES, kind) ? (kind as FactKind) : null
}

export function isFactValue(kind: FactKind | null, value: unknown): value is FactValues[FactKind] {
  return kind !== null && SHAPES[kind](value)
}
