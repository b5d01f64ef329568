// The policy that an analysis runs under: which rules, for whom, whose refs are trusted, what is ignored and who answers for it.
import type { Profile, Severity } from '../finding.ts'
import type { Decision } from './suppressions.ts'
import { PROFILES } from '../finding.ts'
import { matchesPath } from './path-glob.ts'

/** A suppression of the policy file: of these rules, in these files. */
export interface PolicySuppression extends Decision {
  readonly rules: readonly string[]
  /** Path globs (path-glob.ts). */
  readonly paths: readonly string[]
  /** Only findings that start on this line; null for the whole file. */
  readonly line: number | null
}

/** A reference workflow, for which repositories it is meant, and what they may choose themselves. */
export interface GoldenWorkflow {
  /** Where the file that names it finds it; how findings call it. */
  readonly file: string
  /** Null as long as nobody read it (drift/select-golden.ts). */
  readonly text: string | null
  /** Path globs of the workflows that should be like it; the first that matches a file decides. */
  readonly targets: readonly string[]
  /** Empty lists ask for nothing; of a list one has to hold. */
  readonly stacks: readonly string[]
  readonly topics: readonly string[]
  readonly repositories: readonly string[]
  readonly paths: readonly string[]
  /** `versions`, `matrix`, `paths`, `names`, or a place such as `jobs.test.timeout-minutes`; `*` stands for any characters. */
  readonly parameters: readonly string[]
  /** `JOB/STEP`: behind that step; `JOB/*` anywhere in the job. */
  readonly extraSteps: readonly string[]
}

export interface GoldenPolicy {
  /** Whether fixes may be made from golden workflows. */
  readonly applies: boolean
  readonly forbidsExtras: boolean
  readonly workflows: readonly GoldenWorkflow[]
}

/** What of the fixes a service may propose by itself: nothing, those that change no behaviour, all. From strict to loose. */
export const PROPOSALS = ['never', 'safe', 'all'] as const

/** The budget of fix pull requests. Of a repository's own only what is lower than its organisation's counts. */
export interface PullRequestBudget {
  /** What scans propose where nobody asked; a run of the Action says itself what it wants. */
  readonly proposes: (typeof PROPOSALS)[number]
  /** Open at once in the whole organisation; 0 opens none. */
  readonly maxOpen: number
  /** Opened on one UTC day in the whole organisation. */
  readonly maxPerDay: number
}

export interface Policy {
  /** Path of the file that it was read from, which is analysed as a policy whatever its name; null without one. */
  readonly source: string | null
  readonly profile: Profile
  /** By rule id; a rule that is not named keeps its own severity and is on. */
  readonly rules: Readonly<Record<string, { readonly enabled?: boolean; readonly severity?: Severity }>>
  /** Owners whose tags are accepted unpinned, compared without case. */
  readonly trustedOwners: readonly string[]
  /** What `uses` may name (policy/uses-pattern.ts); null allows everything. */
  readonly allowedUses: readonly string[] | null
  /** What `uses` may not name, even where it is allowed. */
  readonly deniedUses: readonly string[]
  /** The days that a new release must be old before an update bot takes it. */
  readonly cooldownDays: number
  /** Labels of the organisation's own runners; `*` stands for any characters. */
  readonly runnerLabels: readonly string[]
  /** Runner labels and groups that jobs may use; `*` stands for any characters, null allows all. */
  readonly allowedRunners: readonly string[] | null
  /** What to use instead of a label that is not allowed. */
  readonly runnerReplacements: Readonly<Record<string, string>>
  /** Names of secrets, in capitals, that jobs may read without an environment. */
  readonly sharedSecrets: readonly string[]
  /** Advisory (`GHSA-...`, in capitals) to the reason why its actions may stay. */
  readonly acceptedAdvisories: Readonly<Record<string, string>>
  /** `owner/repo` in lower case, which release from a branch: their commits need no tag. */
  readonly branchReleases: readonly string[]
  /** The organisation requires full commit ids, also of what actions use themselves. */
  readonly requireFullHashes: boolean
  readonly golden: GoldenPolicy
  readonly pullRequests: PullRequestBudget
  /** False: no model is asked about the repository, whatever the organisation turned on. */
  readonly allowsAi: boolean
  /** Where the organisation configures its update bot for all repositories; null when each has its own configuration. */
  readonly updateBot: string | null
  /** Who answers for pipelines: users or teams, with their `@`. */
  readonly pipelineOwners: readonly string[]
  /** Path globs of files that are not reported on. */
  readonly ignoredPaths: readonly string[]
  readonly suppressions: readonly PolicySuppression[]
  /** The organisation's decisions about single findings, by fingerprint. */
  readonly dismissals: ReadonlyMap<string, Decision>
  /** Places of the repository's file (`profile`, `rules.ID`) that are looser than its organisation's policy, and so do not count. */
  readonly loosened: readonly string[]
  /** False with --no-ignores: suppressions are read and checked, but silence nothing. */
  readonly honourSuppressions: boolean
}

export const DEFAULT_POLICY: Policy = {
  source: null, profile: 'regular', rules: {}, trustedOwners: [], allowedUses: null, deniedUses: [], cooldownDays: 7,
  runnerLabels: [], allowedRunners: null, runnerReplacements: {}, sharedSecrets: [], acceptedAdvisories: {}, branchReleases: [], requireFullHashes: false, updateBot: null, pipelineOwners: [],
  golden: { applies: false, forbidsExtras: false, workflows: [] }, pullRequests: { proposes: 'never', maxOpen: 10, maxPerDay: 5 }, allowsAi: true, ignoredPaths: [], suppressions: [], dismissals: new Map(), loosened: [], honourSuppressions: true,
}

/** Whether a rule runs under the policy and its profile shows what the rule normally says. */
export const isShown = ({ id, profile }: { readonly id: string; readonly profile: Profile }, policy: Policy): boolean =>
  policy.rules[id]?.enabled !== false && PROFILES.indexOf(profile) <= PROFILES.indexOf(policy.profile)

/** Whether the policy leaves the file out. Its own file it cannot leave out: what is wrong with it must be seen. */
export const isIgnored = (path: string, { ignoredPaths, source }: Policy): boolean => ignoredPaths.length > 0 && path !== source && matchesPath(ignoredPaths, path)
