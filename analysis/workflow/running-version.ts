// Which release of an action a `uses:` line runs, by what the code host says of its commit: a moving tag is followed to its commit,
// a commit to the tags that point to it. Asks for what is missing.
import type { FactAnswer, FactRequest, FactValues } from '../fact.ts'
import type { Uses } from './uses.ts'
import { parseVersion } from '../data/version.ts'
import { fullestVersionTag } from '../data/version-tag.ts'
import { versionComment } from './version-comment.ts'

/** What a rule's context offers for facts. */
export interface FactReader {
  want(request: FactRequest): void
  fact<K extends keyof FactValues>(request: Extract<FactRequest, { kind: K }>): FactAnswer<K> | undefined
}

const FULL_VERSION = /^v?\d+\.\d+\.\d+$/

/** A tag with all three parts, or the fullest one there is; null while nobody knows. */
export function runningVersion(uses: Uses, asking: FactReader): string | null {
  const { ref, repository, isPinned } = uses
  if (ref === null) return null
  if (!isPinned && FULL_VERSION.test(ref)) return ref
  const commit = isPinned ? ref : commitBehind({ repository, ref }, asking)
  const tag = commit === null ? null : fullestVersionTag(answer({ kind: 'commit', repository, commit }, asking)?.tags ?? [])
  if (tag !== null) return tag
  const claimed = isPinned ? (versionComment(uses)?.version ?? null) : null
  return claimed !== null && FULL_VERSION.test(claimed) && parseVersion(claimed) !== null ? claimed : null
}

const commitBehind = (at: { readonly repository: string; readonly ref: string }, asking: FactReader): string | null => answer({ kind: 'ref', ...at }, asking)?.commit ?? null

function answer<K extends keyof FactValues>(request: Extract<FactRequest, { kind: K }>, asking: FactReader): FactValues[K] | null {
  asking.want(request)
  const heard = asking.fact(request)
  return heard?.status === 'known' ? (heard.value) : null
}
