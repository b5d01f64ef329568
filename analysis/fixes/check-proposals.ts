// The engine's check of fixes that it did not make itself: each stays inside the span that it was given, changes only what judgeChange
// lets through, and holds in the same verification as the engine's own. Everything else is dropped with its reason.
import type { AnalyseInput } from '../analyse.ts'
import type { Candidate, Examination, Scope } from '../examine.ts'
import type { Fix, TextEdit } from '../finding.ts'
import { examine } from '../examine.ts'
import { prepare } from '../prepare.ts'
import { overlaps, sortEdits } from '../source/edits.ts'
import { judgeChange } from './judge-change.ts'
import type { OpenSpan } from './open-spans.ts'
import { verify } from './verify.ts'

export interface ProposedFix {
  readonly span: OpenSpan
  readonly description: string
  /** Offsets into the whole file. */
  readonly edits: readonly TextEdit[]
}

export interface CheckedProposals {
  /** By the finding's fingerprint. Always unsafe: nobody has argued otherwise. */
  readonly accepted: ReadonlyMap<string, Fix>
  readonly dropped: readonly { readonly fingerprint: string; readonly reason: string }[]
}

export function checkProposals(input: AnalyseInput, proposed: readonly ProposedFix[]): CheckedProposals {
  const accepted = new Map<string, Fix>()
  const dropped: { fingerprint: string; reason: string }[] = []
  const { files, scope } = prepare(input)
  const left = new Set(proposed)
  for (const read of proposed.length === 0 ? [] : files) {
    const { file, outcome } = read()
    const own = proposed.filter(({ span }) => span.finding.path === outcome.path)
    if (file === null || own.length === 0) continue
    const before = examine(file, scope)
    for (const proposal of own) {
      left.delete(proposal)
      const { fingerprint } = proposal.span.finding
      const reason = accepted.has(fingerprint) ? 'there is one for this finding already' : check(before, proposal, scope)
      if (reason === null) accepted.set(fingerprint, { safety: 'unsafe', description: proposal.description, edits: sortEdits(proposal.edits) })
      else dropped.push({ fingerprint, reason })
    }
  }
  for (const { span } of left) dropped.push({ fingerprint: span.finding.fingerprint, reason: 'its file is not analysed' })
  return { accepted, dropped }
}

function check(before: Examination, { span, description, edits }: ProposedFix, scope: Scope): string | null {
  if (edits.length === 0) return 'it changes nothing'
  if (edits.some(({ start, end }) => start < span.start || end > span.end || end < start)) return 'it would change text outside of its span'
  if (edits.some((edit, index) => edits.slice(index + 1).some((other) => overlaps(edit, other)))) return 'its edits overlap'
  const candidate: Candidate | undefined = before.candidates.find(({ finding }) => finding.fingerprint === span.finding.fingerprint)
  if (candidate === undefined || candidate.finding.suppressed !== undefined) return 'the finding is not open'
  const verdict = verify(before, [{ candidate, fix: { kind: 'edits', safety: 'unsafe', description, edits } }], scope)
  return verdict.holds ? judgeChange(before.file, verdict.after.file) : verdict.reason
}
