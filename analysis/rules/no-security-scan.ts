// Finds repositories without static analysis, without a review of new dependencies, or without Scorecard: one message each.
// Leaves out languages that CodeQL does not read, and what a repository's settings turn on, which no file shows.
import type { NewWorkflow } from '../fixes/create-workflow.ts'
import type { CodeToAnalyse } from '../generate/security-workflows.ts'
import type { Step } from '../workflow/step.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { Language } from '../generate/stack-table.ts'
import type { FileFix, RuleContext } from './rule.ts'
import { createWorkflow, freeWorkflow } from '../fixes/create-workflow.ts'
import { detectStack } from '../generate/detect-stack.ts'
import { CODEQL_WORKFLOW, codeqlWorkflow, DEPENDENCY_WORKFLOW, dependencyWorkflow, SCORECARD_WORKFLOW, scorecardWorkflow } from '../generate/security-workflows.ts'
import { pinnedAsIn } from '../generate/workflow-parts.ts'
import { isFirstPipeline, FIRST_LINE } from '../workflow/first-pipeline.ts'
import { listsCode } from '../workflow/local-target.ts'
import { hasOtherCi } from '../workflow/other-ci.ts'
import { workflowsOf } from '../workflow/pull-request-run.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** What static analysers are for; the names that people know. */
const ANALYSED: Readonly<Partial<Record<Language, string>>> = {
  javascript: 'JavaScript', python: 'Python', go: 'Go', rust: 'Rust', java: 'Java', ruby: 'Ruby', csharp: 'C#', swift: 'Swift', c: 'C', php: 'PHP',
}
/** In scripts and names of actions; a called workflow whose name says so counts too. */
const STATIC = /codeql|semgrep|sonar|snyk|checkmarx|veracode|fortify|coverity|bandit|gosec|brakeman|psalm|phpstan|devskim|horusec|njsscan|bearer|qodana|pysa|infer\b|security|sast|scan/i
const DEPENDENCIES = /dependency-review|osv|snyk|trivy|grype|govulncheck|audit|cargo[- ]deny|dependency-check|safety|socket|nancy|anchore|scan|vulnerab/i
const SCORECARD = /scorecard/i

export const noSecurityScan = defineRule({
  meta: {
    id: 'no-security-scan',
    summary: 'Scan the code, its new dependencies and the repository',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { scorecard: ['SAST'] },
    messages: {
      analysis: "no workflow analyses the {languages} code for security; turn on CodeQL's default setup, or add a workflow",
      dependencies: "no workflow looks at what new dependencies bring ('{manifest}'); run actions/dependency-review-action on pull requests",
      scorecard: 'no workflow runs OpenSSF Scorecard, which judges how the repository is kept; add ossf/scorecard-action',
    },
  },
  create(ctx) {
    return {
      file(file) {
        const { paths } = ctx.repository
        if (paths === null || !listsCode(ctx.repository) || !isFirstPipeline(file, ctx) || hasOtherCi(paths)) return
        const { workflows, isComplete } = workflowsOf(ctx.repository)
        const { languages, projects } = detectStack(paths)
        const names = languages.flatMap((language) => ANALYSED[language] ?? [])
        const lacks = (pattern: RegExp): boolean => !workflows.some((workflow) => mentions(workflow, pattern))
        if (!isComplete || names.length === 0) return
        const fixes = fixesFor(ctx, { languages: languages.filter((language) => ANALYSED[language] !== undefined), paths })
        if (lacks(STATIC)) ctx.report({ message: 'analysis', at: FIRST_LINE, data: { languages: names.slice(0, 3).join(', ') }, fix: fixes.analysis(), identity: 'analysis' })
        const manifest = projects.find(({ language }) => language !== null)?.manifest
        if (manifest !== undefined && lacks(DEPENDENCIES)) ctx.report({ message: 'dependencies', at: FIRST_LINE, data: { manifest }, fix: fixes.dependencies(), identity: 'dependencies' })
        if (lacks(SCORECARD)) ctx.report({ message: 'scorecard', at: FIRST_LINE, fix: fixes.scorecard(), identity: 'scorecard' })
      },
    }
  },
})

type Kind = 'analysis' | 'dependencies' | 'scorecard'

/** None for an Enterprise Server: what it offers depends on its version, its licence, and what its administrators turned on. */
function fixesFor({ repository, host }: RuleContext<Kind>, code: CodeToAnalyse): Readonly<Record<Kind, () => FileFix | null>> {
  const surroundings = { branch: repository.defaultBranch, pin: pinnedAsIn(repository) }
  const create = (workflow: NewWorkflow, text: string | null, what: string): FileFix | null =>
    text === null || host.kind === 'ghes' || freeWorkflow([workflow], repository) === null ? null : createWorkflow(workflow, text, `${what}; a private repository needs GitHub Code Security for it`)
  return {
    analysis: () => create(CODEQL_WORKFLOW, codeqlWorkflow(code, surroundings), 'analyses the code with CodeQL in place of its default setup'),
    dependencies: () => create(DEPENDENCY_WORKFLOW, dependencyWorkflow(surroundings.pin), 'refuses pull requests that bring vulnerable dependencies'),
    scorecard: () => create(SCORECARD_WORKFLOW, scorecardWorkflow(surroundings), 'judges with OpenSSF Scorecard how the repository is kept'),
  }
}

function mentions({ jobs, file }: Workflow, pattern: RegExp): boolean {
  if (pattern.test(file.path)) return true
  return jobs.some(({ uses, steps }) => pattern.test(uses?.name ?? '') || analysing(everyStep(steps)).some(({ run, uses: action }) => pattern.test(action?.name ?? '') || pattern.test(run?.text ?? '')))
}

/** Without the upload of what Scorecard found, which is no analysis of the code. */
function analysing(steps: readonly Step[]): readonly Step[] {
  return steps.some(({ uses }) => SCORECARD.test(uses?.name ?? '')) ? steps.filter(({ uses }) => uses?.name !== 'github/codeql-action/upload-sarif') : steps
}
