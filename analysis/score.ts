// The score: 0-100 from five sub-scores. The formula is documented in docs/score.md; it only ever falls with more findings.
import type { Finding, Severity } from './finding.ts'
import type { RuleMeta } from './rules/rule.ts'

export interface Score {
  readonly total: number
  readonly security: number
  readonly reliability: number
  readonly performance: number
  readonly dependencies: number
  readonly maintainability: number
}

type Category = RuleMeta['category']

/** Points that one finding costs its sub-score. */
const COST: Readonly<Record<Severity, number>> = { high: 10, medium: 4, low: 1, info: 0 }

/** However often it speaks, one rule costs at most this many times the cost of its most severe finding. */
const RULE_LIMIT = 4

/** Shares of the sub-scores in the total; they add up to 1. */
const SHARE: Readonly<Record<Category, number>> = {
  security: 0.4,
  reliability: 0.25,
  dependencies: 0.2,
  performance: 0.05,
  maintainability: 0.1,
}

/** Suppressed findings cost nothing. A finding of a rule without meta counts as reliability. */
export function scoreOf(findings: readonly Finding[], categoryOf: (ruleId: string) => Category | undefined): Score {
  const rules = new Map<string, { sum: number; worst: number }>()
  for (const { ruleId, severity, suppressed } of findings) {
    if (suppressed !== undefined) continue
    const cost = COST[severity]
    const rule = rules.get(ruleId)
    if (rule === undefined) rules.set(ruleId, { sum: cost, worst: cost })
    else {
      rule.sum += cost
      rule.worst = Math.max(rule.worst, cost)
    }
  }
  const sub: Record<Category, number> = { security: 100, reliability: 100, performance: 100, dependencies: 100, maintainability: 100 }
  for (const [ruleId, { sum, worst }] of rules) sub[categoryOf(ruleId) ?? 'reliability'] -= Math.min(sum, worst * RULE_LIMIT)
  let total = 0
  for (const category of Object.keys(SHARE) as Category[]) {
    sub[category] = Math.max(0, sub[category])
    total += sub[category] * SHARE[category]
  }
  return { total: Math.round(total), ...sub }
}
