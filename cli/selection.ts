// Which of the findings a person asked to see: the filters by severity and confidence, the baseline, and what changed since a ref.
import type { Finding } from '../analysis/finding.ts'
import type { AnalysisOptions } from './options.ts'
import type { Target } from './targets.ts'
import type { World } from './world.ts'
import { CONFIDENCES, isAtLeast } from '../analysis/finding.ts'
import { readBaseline, type Baseline } from '../analysis/policy/baseline.ts'
import { readChangedLines, type ChangedLines } from './changed-lines.ts'
import { readNamedFile } from './read-named-file.ts'
import { UsageError } from './usage-error.ts'

/** 'filtered' by severity or confidence, which is not counted; the others are. */
export type Verdict = 'shown' | 'filtered' | 'in the baseline' | 'on lines that did not change'

export type Selection = (target: Target, finding: Omit<Finding, 'fix'>) => Verdict

/** Reads the baseline at once, and asks git once for each repository. Throws UsageError for what cannot be used. */
export function createSelection(world: Pick<World, 'cwd' | 'fs' | 'git'>, options: AnalysisOptions): Selection {
  const baseline = options.baseline === null ? null : readBaselineFile(world, options.baseline)
  const since = options['changed-since']
  const changes = new Map<string, ChangedLines>()
  const changedIn = (root: string, ref: string): ChangedLines => {
    const known = changes.get(root) ?? readChangedLines(world, root, ref)
    changes.set(root, known)
    return known
  }
  return ({ worktree }, { severity, confidence, fingerprint, path: file, start, end }) => {
    if (!isAtLeast(severity, options['min-severity']) || CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(options['min-confidence'])) return 'filtered'
    if (baseline?.fingerprints.has(fingerprint) === true) return 'in the baseline'
    return since === null || changedIn(worktree.root, since).has(file, start, end) ? 'shown' : 'on lines that did not change'
  }
}

function readBaselineFile(world: Pick<World, 'cwd' | 'fs'>, name: string): Baseline {
  const baseline = readBaseline(readNamedFile(world, { option: '--baseline', name, writtenBy: '--write-baseline' }))
  if ('error' in baseline) throw new UsageError(`--baseline: '${name}' cannot be used: ${baseline.error}`)
  return baseline
}
