// To which release an action on a dead or retiring runtime moves: the newest major with a living runtime, in a release that is at
// least a week old, or the one that the repository uses elsewhere. Only a tag whose commit is known counts.
import type { Scope } from '../examine.ts'
import type { FixSafety } from '../finding.ts'
import type { Wish } from '../rules/rule.ts'
import type { ActionVersion } from '../data/actions.ts'
import type { Uses } from '../workflow/uses.ts'
import { livingVersions } from '../data/living-versions.ts'
import { daysBetween, runtimeState } from '../data/runtimes.ts'
import { usedVersion } from '../data/used-version.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { factFor } from '../fact.ts'
import { isVulnerable } from './known-advisories.ts'
import { releaseInUse } from './release-in-use.ts'

export interface UpgradeTarget {
  /** The tag of its major that moves with the releases; null where there is none. */
  readonly movingRef: string | null
  readonly tag: string
  readonly commit: string
  readonly safety: FixSafety
  /** What the line runs now: `v4`. */
  readonly from: string
  /** What the target is good for: `runs on node24`. */
  readonly reason: string
  /** Besides what every move does. */
  readonly grants: readonly Wish[]
}

const MIN_AGE_DAYS = 7

/** Artifacts of version 4 and later need a service that GHES does not have (README of actions/upload-artifact, 2026-02-25). */
const NOT_ON_GHES = new Set(['actions/upload-artifact', 'actions/download-artifact', 'actions/upload-artifact/merge'])

/** The newest target; when only safe edits are allowed, the newest that is a safe one. */
export function upgradeTarget(uses: Uses, allowed: FixSafety, scope: Scope): UpgradeTarget | null {
  const used = usedVersion(uses)
  if (used === null || (scope.host.kind === 'ghes' && NOT_ON_GHES.has(uses.name.toLowerCase()))) return null
  const from = parseVersion(used.version.label) ?? parseVersion(used.version.tag)
  const isRemoved = ['dead', 'removed'].includes(runtimeState(used.version.runtime, scope).state)
  for (const version of livingVersions(uses.name, scope)) {
    const number = parseVersion(version.label)
    if (number === null || (from !== null && compareVersions(number, from) <= 0)) continue
    const safety = isRemoved && takesTheInputs(version, uses) ? 'safe' : 'unsafe'
    const release = safety === 'safe' || allowed === 'unsafe' ? (releaseInUse(uses, number[0], scope) ?? releaseOf(version, uses, scope)) : null
    if (release === null || isVulnerable(uses.repository, release.tag, scope)) continue
    const movingRef = version.moves === 'tag' ? version.label : null
    return { ...release, movingRef, safety, from: used.version.label, reason: `runs on ${version.runtime ?? 'a living runtime'}`, grants: ['upgrade'] }
  }
  return null
}

/** Every input in use exists there, and every input that is required there is in use. */
function takesTheInputs({ inputs }: ActionVersion, { step }: Uses): boolean {
  if (inputs === null || step === null) return false
  const used = new Set((step.with?.pairs ?? []).map(({ key }) => key.text.toLowerCase()))
  const offered = new Set(inputs.map(({ name }) => name.toLowerCase()))
  return [...used].every((name) => offered.has(name)) && inputs.every(({ name, isRequired }) => !isRequired || used.has(name.toLowerCase()))
}

/** The newest published release of that major when the code host answered, else the one of the bundled data. */
function releaseOf(version: ActionVersion, uses: Uses, scope: Scope): { tag: string; commit: string } | null {
  const published = publishedTag(version, uses, scope)
  if (published !== null) {
    const commit = factFor({ kind: 'ref', repository: uses.repository, ref: published }, scope)?.commit
    if (commit !== undefined) return { tag: published, commit }
  }
  const { tag, commit, date } = version
  return tag !== null && commit !== null && date !== null && daysBetween(date, scope.today) >= MIN_AGE_DAYS ? { tag, commit } : null
}

/** A tag newer than the bundled one, of the same major, old enough, no prerelease. */
function publishedTag(version: ActionVersion, uses: Uses, scope: Scope): string | null {
  const releases = factFor({ kind: 'releases', repository: uses.repository }, scope)?.releases ?? []
  const bundled = parseVersion(version.tag)
  let best = bundled
  let tag: string | null = null
  for (const release of releases) {
    const number = parseVersion(release.tag)
    if (number === null || release.prerelease || daysBetween(release.publishedAt.slice(0, 10), scope.today) < MIN_AGE_DAYS) continue
    if (number[0] !== parseVersion(version.label)?.[0] || (best !== null && compareVersions(number, best) <= 0)) continue
    best = number
    tag = release.tag
  }
  return tag
}
