// One combined edit per `uses:` line from what several rules want of it: first the version, then its commit, then the version comment.
// Its class is that of its least safe part; where only safe edits are allowed it shrinks to pinning the version in use.
import type { Scope } from '../examine.ts'
import type { FixSafety, TextEdit } from '../finding.ts'
import type { EditsFix, Wish } from '../rules/rule.ts'
import type { Uses } from '../workflow/uses.ts'
import type { UpgradeTarget } from './upgrade-target.ts'
import { versionsOf } from '../data/actions.ts'
import { fullestVersionTag } from '../data/version-tag.ts'
import { factFor } from '../fact.ts'
import { secureTarget } from './secure-target.ts'
import { setVersionComment } from './set-version-comment.ts'
import { upgradeTarget } from './upgrade-target.ts'

export interface UsesRequest {
  readonly uses: Uses
  readonly wishes: ReadonlySet<Wish>
  readonly allowed: FixSafety
}

export interface CombinedFix extends EditsFix {
  /** The wishes that it fulfils. */
  readonly grants: ReadonlySet<Wish>
}

/** Null when nothing can be done: the commit is not known, the text cannot be spliced, or actions.lock holds the ref. */
export function combineUses({ uses, wishes, allowed }: UsesRequest, scope: Scope): CombinedFix | null {
  if (uses.refStart === -1 || uses.ref === null) return null
  if (!uses.isPinned && scope.repository.lockedCommit(uses.repository, uses.ref) !== null) return null
  const target = targetFor({ uses, wishes, allowed }, scope)
  if (target !== null) return upgrade(uses, target, wishes.has('pin') || uses.isPinned)
  if (wishes.has('pin')) return pin(uses, uses.ref, scope)
  return wishes.has('comment') ? nameVersion(uses, uses.ref, scope) : null
}

/** A release without advisories runs on a living runtime too, as far as that is known: it serves both wishes. */
function targetFor({ uses, wishes, allowed }: UsesRequest, scope: Scope): UpgradeTarget | null {
  const secure = wishes.has('secure') && allowed === 'unsafe' ? secureTarget(uses, scope) : null
  return secure ?? (wishes.has('upgrade') ? upgradeTarget(uses, allowed, scope) : null)
}

function upgrade(uses: Uses, target: UpgradeTarget, pins: boolean): CombinedFix {
  const { movingRef, tag, commit, safety, from, reason, grants } = target
  // A tag stays a tag where nobody asks for a pin: the moving one of the new major for a moving one, where there is one.
  const isExact = uses.ref?.includes('.') === true
  const ref = pins ? commit : !isExact && movingRef !== null ? movingRef : tag
  const edits: TextEdit[] = [{ start: uses.refStart, end: uses.refEnd, text: ref }]
  const comment = pins ? setVersionComment(uses, tag) : null
  if (comment !== null) edits.push(comment)
  const description = `move ${uses.name} from ${from} to ${tag}, which ${reason}${pins ? ', pinned to its commit' : ''}`
  return { kind: 'edits', safety, description, edits, grants: new Set<Wish>([...grants, 'pin', 'comment']) }
}

function pin(uses: Uses, ref: string, scope: Scope): CombinedFix | null {
  const versions = versionsOf(uses.name)
  const answered = factFor({ kind: 'ref', repository: uses.repository, ref }, scope)?.commit
  // Without an answer only a full release tag may be taken from the bundled data: a moving tag may have moved since.
  const commit = answered ?? versions.find((version) => version.tag === ref && isFullVersion(ref))?.commit ?? null
  if (commit === null) return null
  const tag = versions.find((version) => version.commit === commit)?.tag ?? ref
  const edits: TextEdit[] = [{ start: uses.refStart, end: uses.refEnd, text: commit }]
  const comment = setVersionComment(uses, tag)
  if (comment !== null) edits.push(comment)
  return { kind: 'edits', safety: 'safe', description: `pin ${uses.name} to the commit of ${ref}`, edits, grants: new Set<Wish>(['pin']) }
}

/** The comment for a pin, from the tags that point to its commit. */
function nameVersion(uses: Uses, commit: string, scope: Scope): CombinedFix | null {
  const tag = fullestVersionTag(factFor({ kind: 'commit', repository: uses.repository, commit }, scope)?.tags ?? [])
  const comment = tag === null ? null : setVersionComment(uses, tag)
  if (tag === null || comment === null) return null
  return { kind: 'edits', safety: 'safe', description: `name ${tag}, which points to the commit of ${uses.name}`, edits: [comment], grants: new Set<Wish>(['comment']) }
}

const isFullVersion = (ref: string): boolean => /^v?\d+\.\d+\.\d+$/.test(ref)
