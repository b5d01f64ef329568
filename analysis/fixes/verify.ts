// Proves fixes before anyone sees them: the result parses without new problems, each fixed finding is gone, nothing new appeared,
// untouched lines are the same bytes. A fixed finding that is gone has no fix, so a second application changes nothing.
import type { Examination, Scope } from '../examine.ts'
import type { TextEdit } from '../finding.ts'
import type { Proposal } from './resolve.ts'
import { SEVERITIES } from '../finding.ts'
import { examine, messageOfMark } from '../examine.ts'
import { applyEdits } from '../source/edits.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { editsOf } from './apply.ts'

export type Verdict = { readonly holds: true; readonly after: Examination } | { readonly holds: false; readonly reason: string }

/** Applies the proposals to the examined file and compares what the rules say before and after. Facts that only the result needs are not asked for. */
export function verify(before: Examination, proposals: readonly Proposal[], scope: Scope): Verdict {
  const edits = editsOf(proposals)
  const text = applyEdits(before.file.text, edits)
  if (text === before.file.text) return { holds: false, reason: 'it changes nothing' }
  if (!keepsUntouchedLines(before.file.text, text, edits)) return { holds: false, reason: 'it would change lines that it does not name' }
  const file = createPipelineFile(before.file.path, text, before.file.kind === 'policy' ? 'policy' : undefined)
  const problem = newProblem(before, file.tree.problems)
  if (problem !== null) return { holds: false, reason: `the result would not parse: ${problem}` }
  if (file.kind !== before.file.kind) return { holds: false, reason: 'the result would be another kind of file' }
  const after = examine(file, { ...scope, wanted: new Map() })
  const reason = compareFindings(before, after, proposals)
  return reason === null ? { holds: true, after } : { holds: false, reason }
}

function newProblem(before: Examination, problems: Examination['file']['tree']['problems']): string | null {
  const known = count(before.file.tree.problems, (problem) => problem.code)
  for (const problem of problems) {
    const left = known.get(problem.code) ?? 0
    if (left === 0) return problem.message
    known.set(problem.code, left - 1)
  }
  return null
}

/**
 * Findings are counted per rule, job and step: a fix must lower its own count, and may raise only that of milder findings in its
 * job or step, which something graver hid until now (a popular action in place of its misspelt twin is not pinned either).
 */
function compareFindings(before: Examination, after: Examination, proposals: readonly Proposal[]): string | null {
  const gravest = gravestByPlace(proposals)
  const expected = count(before.marks, ({ bucket }) => bucket)
  for (const { candidate } of proposals) expected.set(candidate.bucket, (expected.get(candidate.bucket) ?? 0) - 1)
  const fixed = new Set(proposals.map(({ candidate }) => candidate.bucket))
  for (const mark of after.marks) {
    const { bucket, severity, raw } = mark
    const left = (expected.get(bucket) ?? 0) - 1
    if (left < 0 && !fixed.has(bucket) && SEVERITIES.indexOf(severity) < (gravest.get(placeOf(bucket)) ?? 0)) continue
    const { id } = raw.rule.meta
    if (left < 0) return fixed.has(bucket) ? `${id} would still be reported` : `it would bring a new finding: ${id}: ${messageOfMark(mark)}`
    expected.set(bucket, left)
  }
  return null
}

/** The place of a bucket is what stands behind the rule. */
const placeOf = (bucket: string): string => bucket.slice(bucket.indexOf(' ') + 1)

function gravestByPlace(proposals: readonly Proposal[]): ReadonlyMap<string, number> {
  const gravest = new Map<string, number>()
  for (const { candidate } of proposals) {
    const place = placeOf(candidate.bucket)
    gravest.set(place, Math.max(gravest.get(place) ?? 0, SEVERITIES.indexOf(candidate.finding.severity)))
  }
  return gravest
}

/** Every line that no edit touches must be found again, byte for byte, where the edits moved it. */
function keepsUntouchedLines(before: string, after: string, edits: readonly TextEdit[]): boolean {
  let from = 0
  let shift = 0
  for (const { start, end, text } of edits) {
    if (before.slice(from, start) !== after.slice(from + shift, start + shift)) return false
    from = end
    shift += text.length - (end - start)
  }
  return before.slice(from) === after.slice(from + shift)
}

function count<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
