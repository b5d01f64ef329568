// From the wishes of an examination to proposals: wishes for one `uses:` line become one combined edit, line breaks become the file's.
import type { Candidate, Examination, Scope } from '../examine.ts'
import type { FixSafety, TextEdit } from '../finding.ts'
import type { EditsFix, UsesWish, Wish } from '../rules/rule.ts'
import type { ScalarNode } from '../source/node.ts'
import type { CombinedFix } from './combine-uses.ts'
import { combineUses } from './combine-uses.ts'

export interface Proposal {
  readonly candidate: Candidate
  readonly fix: EditsFix
}

export interface FixOptions {
  /** 'safe' leaves unsafe fixes out; 'unsafe' takes both. */
  readonly allowed: FixSafety
  /** Findings whose fixes are wanted at all. */
  readonly accepts: (finding: Candidate['finding']) => boolean
}

export const EVERY_FIX: FixOptions = { allowed: 'unsafe', accepts: () => true }

/** Proposals that the options allow, in the order of their findings. Suppressed findings propose nothing. */
export function resolveFixes({ file, candidates }: Examination, scope: Scope, { allowed, accepts }: FixOptions): readonly Proposal[] {
  const open = candidates.filter(({ fix, finding }) => fix !== null && fix.kind !== 'file' && finding.suppressed === undefined && accepts(finding))
  const wishes = new Map<ScalarNode, Set<Wish>>()
  for (const { fix } of open) {
    if (fix?.kind !== 'uses') continue
    const known = wishes.get(fix.uses.node)
    if (known === undefined) wishes.set(fix.uses.node, new Set([fix.wish]))
    else known.add(fix.wish)
  }
  const combined = new Map<ScalarNode, CombinedFix | null>()
  const combinedFix = ({ uses, wish }: UsesWish): EditsFix | null => {
    let fix = combined.get(uses.node)
    if (fix === undefined) {
      fix = combineUses({ uses, wishes: wishes.get(uses.node) ?? new Set(), allowed }, scope)
      combined.set(uses.node, fix)
    }
    // A pin alone leaves a dead runtime or a vulnerable release where it was: that finding has no fix then.
    return fix?.grants.has(wish) === true ? fix : null
  }
  const proposals: Proposal[] = []
  for (const candidate of open) {
    const wish = candidate.fix
    if (wish === null || wish.kind === 'file') continue
    const fix = wish.kind === 'edits' ? wish : combinedFix(wish)
    if (fix === null || fix.edits.length === 0 || (allowed === 'safe' && fix.safety === 'unsafe')) continue
    proposals.push({ candidate, fix: withLineBreaks(fix, file.text) })
  }
  return proposals
}

function withLineBreaks(fix: EditsFix, text: string): EditsFix {
  const first = text.indexOf('\n')
  if (first < 1 || text.charCodeAt(first - 1) !== 13) return fix
  const edits: readonly TextEdit[] = fix.edits.map((edit) => (edit.text.includes('\n') ? { ...edit, text: edit.text.replace(/\r?\n/g, '\r\n') } : edit))
  return { ...fix, edits }
}
