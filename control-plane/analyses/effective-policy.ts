// Under which policy a commit is judged: the organisation's, which the repository's own file may tighten. Without one the file
// decides alone.
import type { NotChecked } from '../../analysis/analyse.ts'
import { selectGolden } from '../../analysis/drift/select-golden.ts'
import type { Profile } from '../../analysis/finding.ts'
import { POLICY_FILE } from '../../analysis/pipeline-path.ts'
import type { Policy } from '../../analysis/policy/policy.ts'
import { governedPolicy } from '../../analysis/policy/tighten.ts'
import type { RepositoryAtCommit } from '../../pull-request/read-repository.ts'
import type { CurrentPolicy } from '../policies/policies-service.ts'

interface PolicySources {
  readonly at: RepositoryAtCommit
  /** `owner/name`. */
  readonly repository: string
  /** Null where the code host does not say them. */
  readonly topics: readonly string[] | null
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
export function effectivePolicy({ at: { files, paths }, repository, topics, profile, organisation, dismissals }: PolicySources): EffectivePolicy {
  const file = files.find(({ path }) => path === POLICY_FILE) ?? null
  const policy = { ...governedPolicy({ organisation: organisation.version === 0 ? null : organisation.policy, profile, file }), dismissals }
  return selectGolden(policy, { name: repository, topics, paths }, (path) => files.find((each) => each.path === path) ?? { path, error: 'it is no CI file of the repository at this commit' })
}
