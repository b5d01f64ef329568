// Finds the largest part of a selection that holds together: all of it in one verification where nothing is wrong, else by bisection.
import type { Examination, Scope } from '../examine.ts'
import type { Proposal } from './resolve.ts'
import { verify } from './verify.ts'

export interface Dropped {
  readonly proposal: Proposal
  readonly reason: string
}

export interface Accepted {
  readonly proposals: readonly Proposal[]
  readonly dropped: readonly Dropped[]
  /** The file after them; null when none was accepted. */
  readonly after: Examination | null
}

/** Verifications that one file may cost; a file whose fixes keep failing is not worth more. */
const ATTEMPTS = 48

/** Accepts proposals that do not overlap. What was accepted was verified together. */
export function acceptProposals(before: Examination, proposals: readonly Proposal[], scope: Scope): Accepted {
  const accepted: Proposal[] = []
  const dropped: Dropped[] = []
  let after: Examination | null = null
  let attempts = 0
  const accept = (groups: readonly (readonly Proposal[])[]): void => {
    if (groups.length === 0) return
    const added = groups.flat()
    attempts++
    const verdict = attempts > ATTEMPTS ? { holds: false as const, reason: 'too many fixes of this file failed their check' } : verify(before, [...accepted, ...added], scope)
    if (verdict.holds) {
      accepted.push(...added)
      after = verdict.after
    } else if (groups.length === 1 || attempts > ATTEMPTS) {
      for (const proposal of added) dropped.push({ proposal, reason: verdict.reason })
    } else {
      const middle = groups.length >> 1
      accept(groups.slice(0, middle))
      accept(groups.slice(middle))
    }
  }
  accept(groupByEdits(proposals))
  return { proposals: accepted, dropped, after }
}

/** Findings that one and the same edit repairs stand or fall together. */
function groupByEdits(proposals: readonly Proposal[]): readonly (readonly Proposal[])[] {
  const groups = new Map<string, Proposal[]>()
  for (const proposal of proposals) {
    const key = JSON.stringify(proposal.fix.edits)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [proposal])
    else group.push(proposal)
  }
  return [...groups.values()]
}
