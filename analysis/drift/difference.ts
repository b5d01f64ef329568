// What the comparison of two workflows finds: one difference at one place, in the words of the file that was compared.
import type { TextEdit } from '../finding.ts'
import type { Range } from '../rules/rule.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'

/**
 * 'missing' a job or step that is not there; 'weakened' there, and it checks, guards or pins less; 'outdated' another or an older value;
 * 'extra' only the compared file has it; 'reordered' a step on the other side of one whose work it sees.
 */
export type DifferenceKind = 'missing' | 'weakened' | 'outdated' | 'extra' | 'reordered'

/** Values that a golden workflow may leave to its repositories as a whole. */
export const PARAMETERS = ['versions', 'matrix', 'paths', 'names'] as const
export type Parameter = (typeof PARAMETERS)[number]

export interface Difference {
  readonly kind: DifferenceKind
  /** `jobs.test.steps.lint.with.version`: job ids, and steps by id, action or name. */
  readonly place: string
  /** A clause that quotes both sides. */
  readonly text: string
  /** Where it shows in the compared file. */
  readonly at: Range
  readonly parameter: Parameter | null
  /** Extra steps only: the expected step before them; '' for none. */
  readonly after?: string
  /** Edits of the compared file that make this place as expected; null where it has to be done by hand. */
  readonly restore: () => readonly TextEdit[] | null
}

/** Both files, and where the differences go. */
export interface Sides {
  readonly expected: PipelineFile
  readonly found: PipelineFile
  readonly differences: Difference[]
}

export const BY_HAND = (): null => null
