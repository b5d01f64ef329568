// Findings by rule and severity: all that a report on many repositories needs of them.
import type { Severity } from '../finding.ts'

export interface RuleCount {
  readonly ruleId: string
  readonly severity: Severity
  readonly count: number
}

export function countRules(findings: readonly { readonly ruleId: string; readonly severity: Severity }[]): readonly RuleCount[] {
  const counts = new Map<string, RuleCount>()
  for (const { ruleId, severity } of findings) {
    const key = `${ruleId} ${severity}`
    counts.set(key, { ruleId, severity, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()]
}
