// Proves fixes before anyone sees them: the result parses without new problems, each fixed finding is gone, nothing new appeared,
// untouched lines are the same bytes. A fixed finding that is gone has no fix, so a second application changes nothing.
import type { Examination, Scope } from '../examine.ts'
import type { Severity, TextEdit } from '../finding.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Proposal } from './resolve.ts'
import { rankOf } from '../finding.ts'
import { examine, messageOfMark } from '../examine.ts'
import { locate } from '../locate.ts'
import { applyEdits } from '../source/edits.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { everyStep } from '../workflow/step.ts'
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
export function compareFindings(before: Examination, after: Examination, proposals: readonly Proposal[]): string | null {
  const bucketOf = createBucketOf(before.file, after.file, editsOf(proposals))
  const moved = proposals.map(({ candidate }) => ({ severity: candidate.finding.severity, bucket: bucketOf(candidate.finding.ruleId, candidate.at.start, candidate.bucket) }))
  const gravest = gravestByPlace(moved)
  const expected = count(before.marks, ({ raw, bucket }) => bucketOf(raw.rule.meta.id, raw.report.at.start, bucket))
  for (const { bucket } of moved) expected.set(bucket, (expected.get(bucket) ?? 0) - 1)
  const fixed = new Set(moved.map(({ bucket }) => bucket))
  for (const mark of after.marks) {
    const { bucket, severity, raw } = mark
    const left = (expected.get(bucket) ?? 0) - 1
    if (left < 0 && !fixed.has(bucket) && rankOf(severity) < (gravest.get(placeOf(bucket)) ?? 0)) continue
    const { id } = raw.rule.meta
    if (left < 0) return fixed.has(bucket) ? `${id} would still be reported` : `it would bring a new finding: ${id}: ${messageOfMark(mark)}`
    expected.set(bucket, left)
  }
  return null
}

/** The place of a bucket is what stands behind the rule. */
const placeOf = (bucket: string): string => bucket.slice(bucket.indexOf(' ') + 1)

/** What a bucket of the text before is called in the text after: a step that was added moves those behind it. */
function createBucketOf(before: PipelineFile, after: PipelineFile, edits: readonly TextEdit[]): (ruleId: string, offset: number, bucket: string) => string {
  if (stepCount(before) === stepCount(after)) return (_ruleId, _offset, bucket) => bucket
  const shifted = (offset: number): number => edits.reduce((at, { end, start, text }) => (end <= offset ? at + text.length - (end - start) : at), offset)
  return (ruleId, offset) => `${ruleId} ${locate(after, shifted(offset)).bucket}`
}

const stepCount = ({ workflow, action }: PipelineFile): number =>
  (workflow?.jobs ?? []).reduce((sum, { steps }) => sum + everyStep(steps).length, everyStep(action?.steps ?? []).length)

function gravestByPlace(repaired: readonly { readonly severity: Severity; readonly bucket: string }[]): ReadonlyMap<string, number> {
  const gravest = new Map<string, number>()
  for (const { severity, bucket } of repaired) {
    const place = placeOf(bucket)
    gravest.set(place, Math.max(gravest.get(place) ?? 0, rankOf(severity)))
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
