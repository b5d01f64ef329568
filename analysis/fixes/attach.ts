// Gives findings their verified fixes, as edits of the text that was analysed.
import type { Candidate, Examination, Scope } from '../examine.ts'
import type { Finding, Fix } from '../finding.ts'
import { acceptProposals } from './accept.ts'
import { selectProposals } from './apply.ts'
import { EVERY_FIX, resolveFixes } from './resolve.ts'
import { sortEdits } from '../source/edits.ts'
import { isFileCandidate, toFix, verifyFile } from './write-file.ts'

/** Findings in the order of their candidates. A file that is no YAML document gets no fixes: nobody knows what its text means. */
export function attachFixes(examination: Examination, scope: Scope, isReadable: boolean): readonly Finding[] {
  const { candidates } = examination
  const fixes = isReadable && candidates.some(({ fix }) => fix !== null) ? verifiedFixes(examination, scope) : new Map<Candidate, Fix>()
  return candidates.map((candidate) => ({ ...candidate.finding, fix: fixes.get(candidate) ?? null }))
}

function verifiedFixes(examination: Examination, scope: Scope): ReadonlyMap<Candidate, Fix> {
  const fixes = new Map<Candidate, Fix>()
  // Losers of an overlap are fixes in their own right: they are verified among themselves, on the same original text.
  let left = resolveFixes(examination, scope, EVERY_FIX)
  while (left.length > 0) {
    const { chosen, losers } = selectProposals(left)
    for (const { candidate, fix } of acceptProposals(examination, chosen, scope).proposals) {
      fixes.set(candidate, { safety: fix.safety, description: fix.description, edits: sortEdits(fix.edits) })
    }
    left = losers
  }
  for (const candidate of examination.candidates) {
    if (isFileCandidate(candidate) && candidate.finding.suppressed === undefined && verifyFile(examination, candidate, scope) === null) fixes.set(candidate, toFix(candidate.fix))
  }
  return fixes
}
