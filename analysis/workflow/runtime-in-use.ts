// On which runtime a step's action runs: of a listed action by the version in use, of every other by its own metadata.
import type { Uses } from './uses.ts'
import type { FactReader } from './running-version.ts'
import { usedVersion } from '../data/used-version.ts'

export interface RuntimeInUse {
  readonly runtime: string | null
  /** An earlier release of the listed major: that runtime or an older one. */
  readonly isOlder: boolean
  /** Only the comment behind a pin says which version it is. */
  readonly isClaimed: boolean
}

/** Null while nobody knows; asks for what is missing. */
export function runtimeInUse(uses: Uses, facts: FactReader): RuntimeInUse | null {
  const used = usedVersion(uses)
  if (used !== null) return { runtime: used.version.runtime, isOlder: used.certainty === 'older', isClaimed: used.certainty === 'claimed' }
  if (uses.form !== 'repository' || uses.ref === null) return null
  const request = { kind: 'action', name: uses.name, ref: uses.ref } as const
  facts.want(request)
  const answer = facts.fact(request)
  return answer?.status === 'known' ? { runtime: answer.value.runtime, isOlder: false, isClaimed: false } : null
}
