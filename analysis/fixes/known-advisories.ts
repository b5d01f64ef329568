// Which published advisories a version of an action has, by what the code host answered and without those that the policy accepts.
import type { Advisory, FactRequest, Facts } from '../fact.ts'
import type { Policy } from '../policy/policy.ts'
import { factFor } from '../fact.ts'
import { parseVersion } from '../data/version.ts'
import { isInRange } from '../data/version-range.ts'

export interface Knowledge {
  readonly facts: Facts
  readonly wanted: Map<string, FactRequest>
  readonly policy: Policy
}

/** Empty for a version without advisories, for a tag that is no version, and where nobody answered. */
export function knownAdvisories(repository: string, tag: string, { facts, wanted, policy }: Knowledge): readonly Advisory[] {
  const version = parseVersion(tag)
  if (version === null) return []
  const advisories = factFor({ kind: 'advisories', ecosystem: 'actions', package: repository }, { facts, wanted })?.advisories ?? []
  return advisoriesOf(advisories, tag, policy)
}

/** Of these, those that a version has and the policy does not accept. */
export function advisoriesOf(advisories: readonly Advisory[], tag: string, { acceptedAdvisories }: Policy): readonly Advisory[] {
  const version = parseVersion(tag)
  return version === null ? [] : advisories.filter(({ id, range }) => acceptedAdvisories[id.toUpperCase()] === undefined && isInRange(version, range))
}

export const isVulnerable = (repository: string, tag: string, knowledge: Knowledge): boolean => knownAdvisories(repository, tag, knowledge).length > 0
