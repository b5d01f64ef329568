// The states of an analysis and the moves between them. Nothing but `move` produces a write to `state`.
import type { AnalysisState } from '../../contract/analyses.ts'

/**
 * From -> to. `submitted` waits for admission, `queued` has a job (or waits to get one again), an ended one can only be queued anew:
 * `failed` and `superseded` when the same submission comes again, `done` when the code host had refused its pull request.
 */
export const ANALYSIS_MOVES = {
  submitted: ['queued', 'superseded'],
  queued: ['running', 'superseded'],
  running: ['queued', 'running', 'done', 'failed'],
  done: ['queued'],
  failed: ['queued'],
  superseded: ['queued'],
} as const satisfies Record<AnalysisState, readonly AnalysisState[]>

export const ENDED_STATES = ['done', 'failed', 'superseded'] as const satisfies readonly AnalysisState[]

export const hasEnded = (state: AnalysisState): boolean => ENDED_STATES.some((ended) => ended === state)

export interface StateMove {
  readonly filter: { readonly state: { readonly $in: AnalysisState[] } }
  readonly set: { readonly state: AnalysisState }
}

/** The filter and the assignment of one compare-and-set. Throws a TypeError for a move that the table does not have. */
export function move(from: readonly AnalysisState[], to: AnalysisState): StateMove {
  for (const state of from) {
    if (!ANALYSIS_MOVES[state].some((allowed) => allowed === to)) throw new TypeError(`An analysis does not go from ${state} to ${to}`)
  }
  return { filter: { state: { $in: [...from] } }, set: { state: to } }
}
