// What a piece of a pipeline needs of GITHUB_TOKEN, added up; what is not known stays visible as such.
import type { CallNeeds, ScopeNeeds } from '../data/permissions.ts'

export interface TokenNeeds {
  /** Scope to `read` or `write`. */
  readonly scopes: ReadonlyMap<string, string>
  /** Steps, or parts of them, whose needs are not known, in words. Empty when `scopes` is the whole truth. */
  readonly unknown: readonly string[]
}

export const NO_NEEDS: TokenNeeds = { scopes: new Map(), unknown: [] }

export function needsOf(scopes: ScopeNeeds): TokenNeeds {
  return { scopes: new Map(Object.entries(scopes)), unknown: [] }
}

export function unknownNeeds(what: string): TokenNeeds {
  return { scopes: new Map(), unknown: [what] }
}

/** Each scope at its highest level. */
export function addNeeds(all: readonly TokenNeeds[]): TokenNeeds {
  const scopes = new Map<string, string>()
  for (const needs of all) for (const [scope, level] of needs.scopes) if (scopes.get(scope) !== 'write') scopes.set(scope, level)
  return { scopes, unknown: [...new Set(all.flatMap(({ unknown }) => unknown))] }
}

/** One of several ways: the first that the others do not undercut. Which one the token has today is not known, so it counts as all of them. */
export function callNeeds(needs: CallNeeds): TokenNeeds {
  return 'anyOf' in needs && Array.isArray(needs.anyOf) ? addNeeds((needs.anyOf as readonly ScopeNeeds[]).map(needsOf)) : needsOf(needs as ScopeNeeds)
}
