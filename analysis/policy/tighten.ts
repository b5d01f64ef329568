// A repository's policy under its organisation's: what the organisation sets, the repository may make stricter and not looser. What
// the organisation leaves alone is the repository's own.
import type { SourceFile } from '../analyse.ts'
import { isAtLeast, PROFILES, type Profile } from '../finding.ts'
import { readPolicyFile } from './policy-file.ts'
import { DEFAULT_POLICY, PROPOSALS, type Policy, type PullRequestBudget } from './policy.ts'

type Rules = Policy['rules']

export interface Governing {
  /** Null: nobody set one, and the file decides alone. */
  readonly organisation: Policy | null
  /** What the run asked for; the organisation's may ask for more. */
  readonly profile: Profile
  /** The repository's policy file; null without one. */
  readonly file: SourceFile | null
}

/** The policy that a repository's analysis runs under. */
export function governedPolicy({ organisation, profile: asked, file }: Governing): Policy {
  const set = organisation ?? DEFAULT_POLICY
  const base = { ...set, profile: PROFILES[Math.max(PROFILES.indexOf(asked), PROFILES.indexOf(set.profile))] ?? asked }
  if (file === null) return base
  const own = readPolicyFile(file, base)
  // The budget is the organisation's own, also where it never wrote a policy: no repository spends more of it than is set.
  return organisation === null ? { ...own, pullRequests: lower(set.pullRequests, own.pullRequests, []) } : tighten({ ...base, profile: organisation.profile }, own)
}

/** This finding is the organisation's: a file cannot switch off what tells on it. */
const ALWAYS: Rules = { 'forbidden-loosening': { severity: 'medium' } }

/** `repository` is its file read over the organisation's policy. */
export function tighten(organisation: Policy, repository: Policy): Policy {
  const loosened: string[] = []
  const keep = <T>(key: string, isLooser: boolean, strict: T, own: T): T => {
    if (isLooser) loosened.push(key)
    return isLooser ? strict : own
  }
  const beyond = (own: readonly string[], allowed: readonly string[]) => allowed.length > 0 && own.some((entry) => !allowed.includes(entry))
  const { allowedUses, allowedRunners, cooldownDays } = organisation
  return {
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
    pullRequests: lower(organisation.pullRequests, repository.pullRequests, loosened),
    allowsAi: keep('ai', !organisation.allowsAi && repository.allowsAi, false, repository.allowsAi),
    deniedUses: [...new Set([...organisation.deniedUses, ...repository.deniedUses])],
    loosened,
  }
}

function lower(organisation: PullRequestBudget, repository: PullRequestBudget, loosened: string[]): PullRequestBudget {
  const least = (key: string, set: number, own: number): number => {
    if (own > set) loosened.push(`pull-requests.${key}`)
    return Math.min(set, own)
  }
  const rank = ({ proposes }: PullRequestBudget): number => PROPOSALS.indexOf(proposes)
  return {
    proposes: PROPOSALS[least('propose', rank(organisation), rank(repository))] ?? organisation.proposes,
    maxOpen: least('max-open', organisation.maxOpen, repository.maxOpen),
    maxPerDay: least('max-per-day', organisation.maxPerDay, repository.maxPerDay),
  }
}

const isOther = (a: Policy['golden'], b: Policy['golden']): boolean => JSON.stringify(a) !== JSON.stringify(b)

function tightenRules(organisation: Rules, repository: Rules, loosened: string[]): Rules {
  const strict = Object.entries({ ...ALWAYS, ...organisation }).filter(([id, { enabled, severity }]) => {
    const own = repository[id]
    const isLooser = enabled !== false && (own?.enabled === false || (severity !== undefined && !isAtLeast(own?.severity ?? severity, severity)))
    if (isLooser) loosened.push(`rules.${id}`)
    return isLooser
  })
  return { ...repository, ...Object.fromEntries(strict) }
}
