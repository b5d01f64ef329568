// To which release an action with a published advisory moves: the newest of the lowest major that has none, on a living runtime as
// far as that is known. A release may be younger than a week here: the one in use is known to be unsafe.
import type { Scope } from '../examine.ts'
import type { Uses } from '../workflow/uses.ts'
import type { UpgradeTarget } from './upgrade-target.ts'
import type { Version } from '../data/version.ts'
import { versionsOf } from '../data/actions.ts'
import { daysBetween, runtimeState } from '../data/runtimes.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { factFor, factKey } from '../fact.ts'
import { runningVersion, type FactReader } from '../workflow/running-version.ts'
import { isVulnerable } from './known-advisories.ts'

interface Candidate {
  readonly tag: string
  readonly number: Version
  /** Null when the code host must say it. */
  readonly commit: string | null
}

export function secureTarget(uses: Uses, scope: Scope): UpgradeTarget | null {
  const from = runningVersion(uses, askingOf(scope))
  const current = parseVersion(from)
  if (from === null || current === null) return null
  const safe = candidatesOf(uses, scope)
    .filter(({ tag, number }) => compareVersions(number, current) > 0 && isSupported(uses, number, scope) && !isVulnerable(uses.repository, tag, scope))
    .sort((a, b) => a.number[0] - b.number[0] || compareVersions(b.number, a.number))
  for (const { tag, commit } of safe) {
    const behind = commit ?? factFor({ kind: 'ref', repository: uses.repository, ref: tag }, scope)?.commit
    if (behind !== undefined) return { tag, commit: behind, movingRef: null, from, safety: 'unsafe', reason: 'has no known advisory', grants: grantsOf(uses, tag, scope) }
  }
  return null
}

function candidatesOf(uses: Uses, scope: Scope): readonly Candidate[] {
  const published = factFor({ kind: 'releases', repository: uses.repository }, scope)?.releases ?? []
  return [
    ...published.flatMap(({ tag, prerelease, publishedAt }) => (prerelease || daysBetween(publishedAt.slice(0, 10), scope.today) < 0 ? [] : candidate(tag, null))),
    ...versionsOf(uses.name).flatMap(({ tag, commit }) => (tag === null || commit === null ? [] : candidate(tag, commit))),
  ]
}

function candidate(tag: string, commit: string | null): readonly Candidate[] {
  const number = parseVersion(tag)
  return number === null ? [] : [{ tag, number, commit }]
}

/** A major whose runtime is gone is no target; one that nobody lists may be. */
function isSupported(uses: Uses, [major]: Version, scope: Scope): boolean {
  const { state } = runtimeState(runtimeOf(uses, major), scope)
  return state !== 'dead' && state !== 'removed'
}

const runtimeOf = (uses: Uses, major: number): string | null =>
  versionsOf(uses.name).find((version) => (parseVersion(version.label) ?? parseVersion(version.tag))?.[0] === major)?.runtime ?? null

function grantsOf(uses: Uses, tag: string, scope: Scope): UpgradeTarget['grants'] {
  const major = parseVersion(tag)?.[0] ?? 0
  return runtimeState(runtimeOf(uses, major), scope).state === 'living' ? ['secure', 'upgrade'] : ['secure']
}

/** Reads the facts of a scope as a rule reads those of its context. */
const askingOf = ({ facts, wanted }: Scope): FactReader => ({
  want: (request) => { wanted.set(factKey(request), request) },
  fact: (request) => facts.get(factKey(request)) as never,
})
