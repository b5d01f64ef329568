// Which proposals of one file can be applied together: equal edits count once, of overlapping ones the more important wins.
import type { TextEdit } from '../finding.ts'
import type { Proposal } from './resolve.ts'
import { rankOf } from '../finding.ts'
import { overlaps, sortEdits } from '../source/edits.ts'

export interface Selection {
  readonly chosen: readonly Proposal[]
  /** Lost against an overlapping edit of a more important fix. */
  readonly losers: readonly Proposal[]
}

/** By severity, then safe before unsafe, then by place. */
export function selectProposals(proposals: readonly Proposal[]): Selection {
  const ordered = [...proposals].sort(byImportance)
  const taken = createEditSet()
  const chosen: Proposal[] = []
  const losers: Proposal[] = []
  for (const proposal of ordered) {
    if (proposal.fix.edits.every((edit) => taken.accepts(edit))) {
      for (const edit of proposal.fix.edits) taken.add(edit)
      chosen.push(proposal)
    } else losers.push(proposal)
  }
  return { chosen, losers }
}

/** The edits of proposals that go together, ascending, equal ones once. */
export function editsOf(proposals: readonly Proposal[]): readonly TextEdit[] {
  const unique = new Map<string, TextEdit>()
  for (const { fix } of proposals) for (const edit of fix.edits) unique.set(`${edit.start},${edit.end},${edit.text}`, edit)
  return sortEdits([...unique.values()])
}

function byImportance(a: Proposal, b: Proposal): number {
  const severity = rankOf(b.candidate.finding.severity) - rankOf(a.candidate.finding.severity)
  if (severity !== 0) return severity
  if (a.fix.safety !== b.fix.safety) return a.fix.safety === 'safe' ? -1 : 1
  return a.candidate.at.start - b.candidate.at.start
}

/** Edits in ascending order, so that a new one is compared with its neighbours only. */
function createEditSet(): { accepts(edit: TextEdit): boolean; add(edit: TextEdit): void } {
  const edits: TextEdit[] = []
  const indexOf = (edit: TextEdit): number => {
    let low = 0
    let high = edits.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = edits[middle]
      if (other !== undefined && (other.start < edit.start || (other.start === edit.start && other.end < edit.end))) low = middle + 1
      else high = middle
    }
    return low
  }
  const isEqual = (a: TextEdit | undefined, b: TextEdit): boolean => a?.start === b.start && a.end === b.end && a.text === b.text
  return {
    accepts(edit) {
      const at = indexOf(edit)
      // At most two insertions share an offset.
      if (isEqual(edits[at], edit) || isEqual(edits[at + 1], edit)) return true
      for (let near = at - 3; near <= at + 2; near++) {
        const neighbour = edits[near]
        if (neighbour !== undefined && overlaps(neighbour, edit)) return false
      }
      return true
    },
    add(edit) {
      const at = indexOf(edit)
      if (!isEqual(edits[at], edit) && !isEqual(edits[at + 1], edit)) edits.splice(at, 0, edit)
    },
  }
}
