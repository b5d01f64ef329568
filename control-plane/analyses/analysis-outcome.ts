// The engine's result as it is stored and answered. A repository with more findings than a document holds keeps the first of
// them, and says how many are not stored.
import type { AnalysisOutcome, PullRequestOutcome } from '../../contract/analyses.ts'
import type { AnalyseResult, NotChecked } from '../../analysis/analyse.ts'
import type { Finding } from '../../analysis/finding.ts'

interface OutcomeParts {
  readonly result: AnalyseResult
  readonly replacedTexts: readonly string[]
  readonly notChecked: readonly NotChecked[]
  readonly pullRequest: PullRequestOutcome
}

/** Of some hundred bytes each; a document holds 16 MB. */
const MOST_FINDINGS = 10_000

export function outcomeOf({ result, replacedTexts, notChecked, pullRequest }: OutcomeParts): AnalysisOutcome {
  const left = result.findings.length - MOST_FINDINGS
  const cut = left > 0 ? [{ what: 'findings', reason: `an analysis keeps ${MOST_FINDINGS} findings`, count: left }] : []
  const failures = result.failures.map(({ ruleId, path, error }) => ({ what: `${ruleId} on ${path}`, reason: `the rule failed: ${error}`, count: 1 }))
  return {
    files: result.files.map((file) => ({ ...file })),
    findings: result.findings.slice(0, MOST_FINDINGS).map(toWireFinding),
    score: result.score,
    notChecked: [...result.notChecked, ...notChecked, ...failures, ...cut],
    summary: summaryOf(result.findings),
    pullRequest,
    replacedTexts: [...replacedTexts],
    tokensUsed: 0,
    costMicroUsd: 0,
  }
}

const toWireFinding = ({ fix, suppressed, ...finding }: Finding): AnalysisOutcome['findings'][number] => ({
  ...finding,
  ...(suppressed === undefined ? {} : { suppressed }),
  fix: fix === null ? null : { safety: fix.safety, description: fix.description, edits: fix.edits.map((edit) => ({ ...edit })) },
})

/** By severity, without the suppressed ones. */
export function summaryOf(findings: readonly Finding[]): AnalysisOutcome['summary'] {
  const summary = { high: 0, medium: 0, low: 0, info: 0, suppressed: 0 }
  for (const { severity, suppressed } of findings) summary[suppressed === undefined ? severity : 'suppressed'] += 1
  return summary
}
