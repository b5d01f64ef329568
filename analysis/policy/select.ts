// Which findings a reader asked for, and whether they are bad enough to fail a run. Filters never move a rule between profiles.
import { isAtLeast, type Finding, type Severity } from '../finding.ts'

/** What `fail-on` may be: the lowest severity that fails a run. */
export const FAIL_ON = ['none', 'low', 'medium', 'high'] as const satisfies readonly ('none' | Severity)[]
export type FailOn = (typeof FAIL_ON)[number]

/** Suppressed findings never count. */
export function reachesThreshold(findings: readonly Pick<Finding, 'severity' | 'suppressed'>[], failOn: FailOn): boolean {
  return failOn !== 'none' && findings.some(({ severity, suppressed }) => suppressed === undefined && isAtLeast(severity, failOn))
}
