// The exit code that findings deserve.
import type { Finding } from '../analysis/finding.ts'
import type { ExitCode } from './exit-code.ts'
import type { AnalysisOptions } from './options.ts'
import { reachesThreshold } from '../analysis/policy/select.ts'

/** 3 when a rule failed, whatever was found: the result is not whole. Suppressed findings do not count. */
export function verdictOn(result: { readonly findings: readonly Pick<Finding, 'severity' | 'suppressed'>[]; readonly failures: readonly unknown[] }, threshold: AnalysisOptions['fail-on']): ExitCode {
  if (result.failures.length > 0) return 3
  return reachesThreshold(result.findings, threshold) ? 1 : 0
}
