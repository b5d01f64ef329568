// What a piece of a pipeline needs of GITHUB_TOKEN, added up; what is not known stays visible as such.
import type { CallNeeds, ScopeNeeds } from '../data/permissions.ts'

export interface TokenNeeds {
  /** Scope to `read` or `write`. */
  readonly scopes: ReadonlyMap<string, string>
  /** Scope to the step that needs it, in words; a scope without one has no reason that can be told. */
  readonly reasons: ReadonlyMap<string, string>
  /** Steps, or parts of them, whose needs are not known, in words. Empty when `scopes` is the whole truth. */
  readonly unknown: readonly string[]
}

export const NO_NEEDS: TokenNeeds = { scopes: new Map(), reasons: new Map(), unknown: [] }

export function needsOf(scopes: ScopeNeeds): TokenNeeds {
  return { scopes: new Map(Object.entries(scopes)), reasons: new Map(), unknown: [] }
}

export function unknownNeeds(what: string): TokenNeeds {
  return { scopes: new Map(), reasons: new Map(), unknown: [what] }
}

/** The same needs, with a reason for each scope that has none yet. */
export function because(reason: string, needs: TokenNeeds): TokenNeeds {
  return { ...needs, reasons: new Map([...needs.scopes.keys()].map((scope) => [scope, needs.reasons.get(scope) ?? reason])) }
}

/** Each scope at its highest level, with the reason of that. */
export function addNeeds(all: readonly TokenNeeds[]): TokenNeeds {
  const scopes = new Map<string, string>()
  const reasons = new Map<string, string>()
  for (const needs of all) {
    for (const [scope, level] of needs.scopes) {
      if (scopes.get(scope) === 'write' || scopes.get(scope) === level) continue
      scopes.set(scope, level)
      const reason = needs.reasons.get(scope)
      if (reason !== undefined) reasons.set(scope, reason)
    }
  }
  return { scopes, reasons, unknown: [...new Set(all.flatMap(({ unknown }) => unknown))] }
}

/** One of several ways: the first that the others do not undercut. Which one the token has today is not known, so it counts as all of them. */
export function callNeeds(needs: CallNeeds): TokenNeeds {
  return 'anyOf' in needs && Array.isArray(needs.anyOf) ? addNeeds((needs.anyOf as readonly ScopeNeeds[]).map(needsOf)) : needsOf(needs as ScopeNeeds)
}
