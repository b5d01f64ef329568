// Under which policy a commit is judged: the organisation's, which the repository's own file may tighten. Without one the file
// decides alone.
import type { NotChecked } from '../../analysis/analyse.ts'
import { selectGolden } from '../../analysis/drift/select-golden.ts'
import { PROFILES, type Profile } from '../../analysis/finding.ts'
import { POLICY_FILE } from '../../analysis/pipeline-path.ts'
import type { Policy } from '../../analysis/policy/policy.ts'
import { readPolicyFile } from '../../analysis/policy/policy-file.ts'
import { tighten } from '../../analysis/policy/tighten.ts'
import type { RepositoryAtCommit } from '../../pull-request/read-repository.ts'
import type { CurrentPolicy } from '../policies/policies-service.ts'

interface PolicySources {
  readonly at: RepositoryAtCommit
  /** `owner/name`. */
  readonly repository: string
  /** What the submission asked for; the organisation's may ask for more. */
  readonly profile: Profile
  readonly organisation: CurrentPolicy
  readonly dismissals: Policy['dismissals']
}

interface EffectivePolicy {
  readonly policy: Policy
  readonly notChecked: readonly NotChecked[]
}

/** With the texts of the golden workflows that are meant for the repository. */
export function effectivePolicy(sources: PolicySources): EffectivePolicy {
  const { at: { files, paths }, repository } = sources
  const { policy, notChecked } = tightened(sources)
  const golden = selectGolden(policy, { name: repository, topics: null, paths }, (path) => files.find((file) => file.path === path) ?? { path, error: 'it is no CI file of the repository at this commit' })
  return { policy: golden.policy, notChecked: [...notChecked, ...golden.notChecked] }
}

function tightened({ at: { files }, profile: asked, organisation, dismissals }: PolicySources): EffectivePolicy {
  const profile = PROFILES[Math.max(PROFILES.indexOf(asked), PROFILES.indexOf(organisation.policy.profile))] ?? asked
  const base: Policy = { ...organisation.policy, profile, dismissals }
  const config = files.find(({ path }) => path === POLICY_FILE)
  if (config === undefined) return { policy: base, notChecked: [] }
  const own = readPolicyFile(config, base)
  if (organisation.version === 0) return { policy: own, notChecked: [] }
  const { policy, loosened } = tighten({ ...base, profile: organisation.policy.profile }, own)
  return { policy, notChecked: loosened.map((key) => ({ what: `${key} in ${POLICY_FILE}`, reason: "the organisation's policy does not let a repository loosen it", count: 1 })) }
}
