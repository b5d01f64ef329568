// Compares what the token of a workflow or job may do. Wider is weaker; narrower is no difference.
import type { Permissions } from '../workflow/permissions.ts'
import type { Field } from './compare-fields.ts'
import { report } from './compare-fields.ts'

const LEVELS: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 }
const WORDS: Readonly<Record<string, number>> = { 'read-all': 1, 'write-all': 2 }
/** Stands for every scope that is not named. */
const REST = '*'
/** What no token has unless a file asks for it. */
const NEVER_DEFAULT: ReadonlySet<string> = new Set(['id-token', 'models'])

/** What holds on both sides at this place, where that is written elsewhere than in the field; null where nothing is declared. */
export interface Effective {
  readonly expected: Permissions | null
  readonly found: Permissions | null
}

export function comparePermissions(field: Field, { expected, found }: Effective): void {
  if (found === null) {
    if (expected !== null) report(field, 'weakened', 'permissions are not declared, so the repository\'s default holds')
    return
  }
  const granted = levelsOf(found)
  if (expected === null) {
    const wide = [...granted].find(([scope, level]) => NEVER_DEFAULT.has(scope) && level > 1)
    if (wide !== undefined) report(field, 'weakened', `the permission '${wide[0]}: write' is added`)
    return
  }
  const allowed = levelsOf(expected)
  const wider = [...granted].filter(([scope, level]) => level > (allowed.get(scope) ?? allowed.get(REST) ?? 0))
  if (wider.length > 0) report(field, 'weakened', `the token may do more: ${wider.map(inWords).join(', ')}`)
}

function levelsOf({ kind, word, scopes }: Permissions): ReadonlyMap<string, number> {
  if (kind === 'all') return new Map([[REST, WORDS[word] ?? 0]])
  return new Map(scopes.map(({ name, access }) => [name, LEVELS[access] ?? 0]))
}

const inWords = ([scope, level]: readonly [string, number]): string =>
  scope === REST ? `'${level > 1 ? 'write-all' : 'read-all'}'` : `'${scope}: ${level > 1 ? 'write' : 'read'}'`
