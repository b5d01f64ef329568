// The release of a major that the repository uses already: what is moved there makes no further version of the action.
// Leaves out pins of which only a comment says what they are: those are no target.
import type { Scope } from '../examine.ts'
import type { Uses } from '../workflow/uses.ts'
import type { RefInUse } from '../workflow/refs-in-use.ts'
import { versionsOf } from '../data/actions.ts'
import { compareVersions } from '../data/version.ts'
import { factFor } from '../fact.ts'
import { isCommit } from '../workflow/commit.ts'

const FULL_VERSION = /^v?\d+\.\d+\.\d+$/

/** The newest one; null where there is none or its commit is not known. Asks nobody: rules on refs and pins have asked. */
export function releaseInUse(uses: Uses, major: number, scope: Scope): { readonly tag: string; readonly commit: string } | null {
  let newest: RefInUse | null = null
  for (const use of scope.repository.refsInUse(uses.repository)) {
    if (use.version?.[0] !== major || !FULL_VERSION.test(use.label)) continue
    if (compareVersions(use.version, newest?.version ?? [-1, 0, 0]) > 0) newest = use
  }
  if (newest === null) return null
  const { ref, label } = newest
  const { name, repository } = uses
  const silently = { facts: scope.facts, wanted: new Map() }
  const tagged = factFor({ kind: 'ref', repository, ref: label }, silently)?.commit ?? versionsOf(name).find(({ tag }) => tag === label)?.commit ?? null
  if (!isCommit(ref)) return tagged === null ? null : { tag: label, commit: tagged }
  const isConfirmed = tagged === ref || factFor({ kind: 'commit', repository, commit: ref }, silently)?.tags.includes(label) === true
  return isConfirmed ? { tag: label, commit: ref } : null
}
