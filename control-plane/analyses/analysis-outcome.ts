// The engine's result as it is stored and answered. A repository with more findings than a document holds keeps the first of
// them, and says how many are not stored.
import type { Advice, AnalysisOutcome, PullRequestOutcome } from '../../contract/analyses.ts'
import type { AnalyseResult, NotChecked } from '../../analysis/analyse.ts'
import type { Finding } from '../../analysis/finding.ts'

interface OutcomeParts {
  readonly result: AnalyseResult
  readonly replacedTexts: readonly string[]
  readonly notChecked: readonly NotChecked[]
  readonly pullRequest: PullRequestOutcome
  readonly advised: { readonly advice: Advice; readonly tokens: number; readonly costMicroUsd: number }
}

/** As JSON; a document holds 16 MB. */
const MOST_FINDING_CHARACTERS = 6_000_000

export function outcomeOf({ result, replacedTexts, notChecked, pullRequest, advised }: OutcomeParts): AnalysisOutcome {
  const findings = firstThatFit(result.findings.map(toWireFinding))
  const left = result.findings.length - findings.length
  const cut = left > 0 ? [{ what: 'findings', reason: `an analysis keeps ${findings.length} of so many findings`, count: left }] : []
  const failures = result.failures.map(({ ruleId, path, error }) => ({ what: `${ruleId} on ${path}`, reason: `the rule failed: ${error}`, count: 1 }))
  return {
    files: result.files.map((file) => ({ ...file })),
    findings,
    score: result.score,
    notChecked: [...result.notChecked, ...notChecked, ...failures, ...cut],
    summary: summaryOf(result.findings),
    pullRequest,
    replacedTexts: [...replacedTexts],
    tokensUsed: advised.tokens,
    costMicroUsd: advised.costMicroUsd,
    advice: advised.advice,
  }
}

type WireFinding = AnalysisOutcome['findings'][number]

function firstThatFit(findings: readonly WireFinding[]): WireFinding[] {
  let size = 0
  return findings.filter((finding) => (size += JSON.stringify(finding).length) <= MOST_FINDING_CHARACTERS)
}

const toWireFinding = ({ fix, suppressed, equivalents: _, ...finding }: Finding): WireFinding => ({
  ...finding,
  ...(suppressed === undefined ? {} : { suppressed }),
  fix: fix === null ? null : { safety: fix.safety, description: fix.description, edits: fix.edits.map((edit) => ({ ...edit })), ...(fix.file === undefined ? {} : { file: { ...fix.file } }) },
})

/** By severity, without the suppressed ones. */
function summaryOf(findings: readonly Finding[]): AnalysisOutcome['summary'] {
  const summary = { high: 0, medium: 0, low: 0, info: 0, suppressed: 0 }
  for (const { severity, suppressed } of findings) summary[suppressed === undefined ? severity : 'suppressed'] += 1
  return summary
}
