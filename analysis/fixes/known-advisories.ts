// Which published advisories a version of an action has, by what the code host answered and without those that the policy accepts.
import type { Advisory, FactRequest, Facts } from '../fact.ts'
import type { Policy } from '../policy/policy.ts'
import { factFor } from '../fact.ts'
import { parseVersion } from '../data/version.ts'
import { isInRange } from '../data/version-range.ts'

interface Knowledge {
  readonly facts: Facts
  readonly wanted: Map<string, FactRequest>
  readonly policy: Policy
}

/** Of advisories those that a version has and the policy does not accept. */
export function advisoriesOf(advisories: readonly Advisory[], tag: string, { acceptedAdvisories }: Policy): readonly Advisory[] {
  const version = parseVersion(tag)
  return version === null ? [] : advisories.filter(({ id, range }) => acceptedAdvisories[id.toUpperCase()] === undefined && isInRange(version, range))
}

/** False also for a tag that is no version, and where nobody answered. */
export function isVulnerable(repository: string, tag: string, { facts, wanted, policy }: Knowledge): boolean {
  const answer = factFor({ kind: 'advisories', ecosystem: 'actions', package: repository }, { facts, wanted })
  return advisoriesOf(answer?.advisories ?? [], tag, policy).length > 0
}
