// What changed in a repository's workflows since an accepted state, by the same comparison as with a golden workflow. Who changed it
// the caller knows. Leaves out findings: those are compared by their fingerprints.
import type { Position, Severity } from '../finding.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { DifferenceKind } from './difference.ts'
import { compareWorkflows } from './compare-workflows.ts'

/** Who made a change. */
export interface ChangeOrigin {
  /** Null when it is not committed yet; then the rest says nothing. */
  readonly commit: string | null
  readonly author: string
  /** YYYY-MM-DD. */
  readonly date: string
  readonly ageDays: number
}

export interface BaselineChange {
  readonly path: string
  readonly start: Position
  readonly kind: DifferenceKind
  readonly severity: Severity
  /** As in Difference; '' for the whole file. */
  readonly place: string
  readonly text: string
  /** Null where nobody could say. */
  readonly origin: ChangeOrigin | null
}

const SEVERITY: Readonly<Record<DifferenceKind, Severity>> = { weakened: 'high', reordered: 'high', missing: 'medium', outdated: 'low', extra: 'info' }
const START: Position = { line: 1, column: 1 }

/** Of one path; a file of another kind than a workflow changes nothing. */
export function changesSince(before: PipelineFile | null, after: PipelineFile | null): readonly Omit<BaselineChange, 'origin'>[] {
  const from = before?.workflow ?? null
  const to = after?.workflow ?? null
  const whole = (path: string, kind: 'missing' | 'extra', text: string) => [{ path, start: START, kind, severity: SEVERITY[kind], place: '', text }]
  if (from !== null && to === null) return whole(from.file.path, 'missing', 'the workflow is removed')
  if (to === null) return []
  if (from === null) return whole(to.file.path, 'extra', 'the workflow is added')
  return compareWorkflows(from, to).map(({ kind, place, text, at }) => ({
    path: to.file.path, start: to.file.lines.positionAt(at.start), kind, severity: SEVERITY[kind], place, text,
  }))
}
