// Which version of a listed action a `uses:` line runs, as far as the bundled data can tell.
import type { Uses } from '../workflow/uses.ts'
import type { ActionVersion } from './actions.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { versionsOf } from './actions.ts'
import { parseVersion } from './version.ts'

export interface UsedVersion {
  readonly version: ActionVersion
  /** 'exact'; 'older': an earlier release of that major, whose runtime is that one or an older; 'claimed': a comment says so. */
  readonly certainty: 'exact' | 'older' | 'claimed'
}

/** Null for actions that are not listed, for branches, and for commits without a version comment. */
export function usedVersion(uses: Uses): UsedVersion | null {
  if (uses.form !== 'repository' || uses.ref === null) return null
  const versions = versionsOf(uses.name)
  if (versions.length === 0) return null
  if (!uses.isPinned) return byName(versions, uses.ref)
  const commit = uses.ref.toLowerCase()
  const exact = versions.find((version) => version.commit === commit)
  if (exact !== undefined) return { version: exact, certainty: 'exact' }
  const claim = versionComment(uses)?.version
  const claimed = claim === undefined ? null : byName(versions, claim)
  return claimed === null ? null : { version: claimed.version, certainty: 'claimed' }
}

function byName(versions: readonly ActionVersion[], name: string): UsedVersion | null {
  const exact = versions.find((version) => version.label === name) ?? versions.find((version) => version.tag === name)
  if (exact !== undefined) return { version: exact, certainty: 'exact' }
  const wanted = parseVersion(name)
  if (wanted === null || !name.includes('.')) return null
  const major = versions.find((version) => parseVersion(version.label)?.[0] === wanted[0])
  return major === undefined ? null : { version: major, certainty: 'older' }
}
