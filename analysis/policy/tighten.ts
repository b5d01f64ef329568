// A repository's policy under its organisation's: what the organisation sets, the repository may make stricter and not looser. What
// the organisation leaves alone is the repository's own.
import { isAtLeast, PROFILES } from '../finding.ts'
import { DEFAULT_POLICY, type Policy } from './policy.ts'

export interface Tightened {
  readonly policy: Policy
  /** Keys of the repository's file, as written there, that were looser and do not count. */
  readonly loosened: readonly string[]
}

/** `repository` is its file read over the organisation's policy. */
export function tighten(organisation: Policy, repository: Policy): Tightened {
  const loosened: string[] = []
  const keep = <T>(key: string, isLooser: boolean, strict: T, own: T): T => {
    if (isLooser) loosened.push(key)
    return isLooser ? strict : own
  }
  const beyond = (own: readonly string[], allowed: readonly string[]) => allowed.length > 0 && own.some((entry) => !allowed.includes(entry))
  const { allowedUses, allowedRunners, cooldownDays } = organisation
  const policy: Policy = {
    ...repository,
    profile: keep('profile', PROFILES.indexOf(repository.profile) < PROFILES.indexOf(organisation.profile), organisation.profile, repository.profile),
    rules: tightenRules(organisation.rules, repository.rules, loosened),
    trustedOwners: keep('trusted-owners', beyond(repository.trustedOwners, organisation.trustedOwners), organisation.trustedOwners, repository.trustedOwners),
    sharedSecrets: keep('shared-secrets', beyond(repository.sharedSecrets, organisation.sharedSecrets), organisation.sharedSecrets, repository.sharedSecrets),
    ignoredPaths: keep('ignore-paths', beyond(repository.ignoredPaths, organisation.ignoredPaths), organisation.ignoredPaths, repository.ignoredPaths),
    allowedUses: keep('allow-uses', allowedUses !== null && (repository.allowedUses ?? []).some((entry) => !allowedUses.includes(entry)), allowedUses, repository.allowedUses),
    allowedRunners: keep('allow-runners', allowedRunners !== null && (repository.allowedRunners ?? []).some((entry) => !allowedRunners.includes(entry)), allowedRunners, repository.allowedRunners),
    cooldownDays: keep('cooldown-days', cooldownDays !== DEFAULT_POLICY.cooldownDays && repository.cooldownDays < cooldownDays, cooldownDays, repository.cooldownDays),
    acceptedAdvisories: keep('accept-advisories', beyond(Object.keys(repository.acceptedAdvisories), Object.keys(organisation.acceptedAdvisories)), organisation.acceptedAdvisories, repository.acceptedAdvisories),
    branchReleases: keep('branch-releases', beyond(repository.branchReleases, organisation.branchReleases), organisation.branchReleases, repository.branchReleases),
    requireFullHashes: keep('require-full-hashes', organisation.requireFullHashes && !repository.requireFullHashes, true, repository.requireFullHashes),
    golden: keep('golden', organisation.golden.workflows.length > 0 && isOther(organisation.golden, repository.golden), organisation.golden, repository.golden),
    deniedUses: [...new Set([...organisation.deniedUses, ...repository.deniedUses])],
  }
  return { policy, loosened }
}

const isOther = (a: Policy['golden'], b: Policy['golden']): boolean => JSON.stringify(a) !== JSON.stringify(b)

type Rules = Policy['rules']

function tightenRules(organisation: Rules, repository: Rules, loosened: string[]): Rules {
  const strict = Object.entries(organisation).filter(([id, { enabled, severity }]) => {
    const own = repository[id]
    const isLooser = enabled !== false && (own?.enabled === false || (severity !== undefined && !isAtLeast(own?.severity ?? severity, severity)))
    if (isLooser) loosened.push(`rules.${id}`)
    return isLooser
  })
  return { ...repository, ...Object.fromEntries(strict) }
}
