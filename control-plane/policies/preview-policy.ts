// Which repositories a policy would turn red, told from their stored findings. Texts are not kept, so what only another analysis can
// show (rules that were not shown, allow and deny lists) is named, not guessed.
import { isAtLeast, type Severity } from '../../analysis/finding.ts'
import { matchesPath } from '../../analysis/policy/path-glob.ts'
import { isIgnored, type Policy } from '../../analysis/policy/policy.ts'
import { selectGolden } from '../../analysis/drift/select-golden.ts'
import { stateOfDecision } from '../../analysis/policy/suppressions.ts'
import type { FindingDocument } from '../findings/finding-document.ts'

export interface Preview {
  readonly repositories: readonly { readonly id: string; readonly name: string; readonly before: number; readonly after: number }[]
  /** Settings that differ from the policy of today and that stored findings say nothing about. */
  readonly notConsidered: readonly string[]
}

/** For which repositories a golden workflow is meant, by what is known of them without their files. */
export interface GoldenPreview {
  /** As the policy names it. */
  readonly file: string
  readonly repositories: readonly string[]
  readonly unknown: readonly { readonly name: string; readonly reason: string }[]
}

interface Question {
  readonly findings: readonly FindingDocument[]
  readonly current: Policy
  readonly draft: Policy
  /** A repository is red when a finding is at least this severe. */
  readonly failOn: Severity
  readonly today: string
}

const ONLY_BY_ANALYSIS = ['profile', 'trustedOwners', 'allowedUses', 'deniedUses', 'cooldownDays', 'runnerLabels', 'allowedRunners', 'runnerReplacements', 'sharedSecrets', 'acceptedAdvisories', 'branchReleases', 'requireFullHashes', 'golden', 'updateBot', 'pipelineOwners'] as const satisfies readonly (keyof Policy)[]

/** Repositories that are not red and would be. */
export function previewPolicy({ findings, current, draft, failOn, today }: Question): Preview {
  const counts = new Map<string, { id: string; name: string; before: number; after: number }>()
  for (const finding of findings) {
    if (finding.state !== 'open') continue
    const { repositoryId: id, repository: name, severity } = finding
    const count = counts.get(id) ?? { id, name, before: 0, after: 0 }
    counts.set(id, count)
    if (isAtLeast(severity, failOn)) count.before++
    const under = severityUnder(finding, draft, today)
    if (under !== null && isAtLeast(under, failOn)) count.after++
  }
  return {
    repositories: [...counts.values()].filter(({ before, after }) => before === 0 && after > 0),
    notConsidered: [...ONLY_BY_ANALYSIS.filter((name) => JSON.stringify(current[name]) !== JSON.stringify(draft[name])), ...loosenedToday(current, draft)],
  }
}

/** In the order of the draft. */
export function previewGolden(draft: Policy, repositories: readonly { readonly name: string; readonly topics: readonly string[] | null }[]): readonly GoldenPreview[] {
  return draft.golden.workflows.map((golden) => {
    const alone = { ...draft, golden: { ...draft.golden, workflows: [{ ...golden, text: '' }] } }
    const answers = repositories.map(({ name, topics }) => ({ name, ...selectGolden(alone, { name, topics, paths: null }, (path) => ({ path, text: '' })) }))
    return {
      file: golden.file,
      repositories: answers.filter(({ policy }) => policy.golden.workflows.length > 0).map(({ name }) => name),
      unknown: answers.flatMap(({ name, notChecked }) => notChecked.map(({ reason }) => ({ name, reason }))),
    }
  })
}

/** What today's policy hides or grades and the draft leaves to the rules: stored findings hold only what today's says. */
function loosenedToday(current: Policy, draft: Policy): readonly string[] {
  const rules = Object.entries(current.rules).filter(([id, { enabled, severity }]) => {
    const next = draft.rules[id]
    return (enabled === false && next?.enabled !== false) || (severity !== undefined && next?.enabled !== false && next?.severity === undefined)
  }).map(([id]) => `rules.${id}`)
  const kept = new Set(draft.suppressions.map((entry) => JSON.stringify(entry)))
  const shown = current.ignoredPaths.some((each) => !draft.ignoredPaths.includes(each))
  return [...rules, ...(current.suppressions.every((entry) => kept.has(JSON.stringify(entry))) ? [] : ['suppressions']), ...(shown ? ['ignoredPaths'] : [])]
}

/** Null when the policy does not report it. */
function severityUnder({ ruleId, path, line, severity }: FindingDocument, policy: Policy, today: string): Severity | null {
  const setting = policy.rules[ruleId]
  if (setting?.enabled === false || isIgnored(path, policy)) return null
  const isSilenced = policy.suppressions.some((entry) =>
    entry.rules.includes(ruleId) && matchesPath(entry.paths, path) && (entry.line === null || entry.line === line) && stateOfDecision(entry, today) === 'valid')
  return isSilenced ? null : (setting?.severity ?? severity)
}
