// The policy that an analysis runs under: which rules, for whom, and whose refs are trusted.
import type { Profile, Severity } from '../finding.ts'
import { PROFILES } from '../finding.ts'

export interface Policy {
  readonly profile: Profile
  /** By rule id; a rule that is not named keeps its own severity and is on. */
  readonly rules: Readonly<Record<string, { readonly enabled?: boolean; readonly severity?: Severity }>>
  /** Owners whose tags are accepted unpinned, compared without case. */
  readonly trustedOwners: readonly string[]
  /** False with --no-ignores: suppressions are read and checked, but silence nothing. */
  readonly honourSuppressions: boolean
}

export const DEFAULT_POLICY: Policy = { profile: 'regular', rules: {}, trustedOwners: [], honourSuppressions: true }

/** Whether a rule runs under the policy and its profile shows what the rule normally says. */
export const isShown = ({ id, profile }: { readonly id: string; readonly profile: Profile }, policy: Policy): boolean =>
  policy.rules[id]?.enabled !== false && PROFILES.indexOf(profile) <= PROFILES.indexOf(policy.profile)
