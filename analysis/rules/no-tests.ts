// Finds projects with tests that no workflow runs on pull requests. Anything that may run them counts as running them:
// scripts of the repository, build tools, called workflows of others. Leaves out repositories with another CI system.
import type { Repository } from '../workflow/repository.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { FileFix } from './rule.ts'
import { createWorkflow, freeWorkflow } from '../fixes/create-workflow.ts'
import { detectStack } from '../generate/detect-stack.ts'
import { CI_WORKFLOW, generateTests } from '../generate/generate-ci.ts'
import { pinnedAsIn } from '../generate/workflow-parts.ts'
import { isFirstPipeline, FIRST_LINE } from '../workflow/first-pipeline.ts'
import { listsCode } from '../workflow/local-target.ts'
import { hasOtherCi } from '../workflow/other-ci.ts'
import { runsForPullRequests, workflowsOf } from '../workflow/pull-request-run.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** In a script or in an action's name. */
const MAY_TEST = /test|spec\b|typecheck|\bchecks?\b|verify|\bci\b|tox|nox\b|jest|mocha|phpunit|\bmake\b|ninja|bazel|buck|\bjust\b|\btask\b|gradle|mvn|\bant\b|\bsbt\b|\brake\b|cypress|playwright|coverage|codecov|\.(?:sh|py|ps1|rb|js|mjs|ts)\b|invoke|pre-commit|turbo|\bnx\b/i

const NEW_WORKFLOWS = [{ path: CI_WORKFLOW, name: 'CI' }, { path: '.github/workflows/tests.yml', name: 'Tests' }] as const

export const noTests = defineRule({
  meta: {
    id: 'no-tests',
    summary: 'Run the tests on pull requests',
    severity: 'medium',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { scorecard: ['CI-Tests'] },
    messages: {
      noWorkflow: "there are tests ('{test}') and no workflow at all; add one that runs them on pull requests",
      notRun: "there are tests ('{test}') and no workflow that runs them on pull requests; add a job that does",
    },
  },
  create(ctx) {
    return {
      file(file) {
        const { paths } = ctx.repository
        if (paths === null || !listsCode(ctx.repository) || !isFirstPipeline(file, ctx) || hasOtherCi(paths)) return
        const [test] = detectStack(paths).tests.values()
        const { workflows, isComplete } = workflowsOf(ctx.repository)
        if (test === undefined || !isComplete || workflows.some((workflow) => runsForPullRequests(workflow) && mayTest(workflow))) return
        ctx.report({ message: workflows.length === 0 ? 'noWorkflow' : 'notRun', at: FIRST_LINE, data: { test }, fix: runTests(ctx.repository, paths), identity: '' })
      },
    }
  },
})

function runTests(repository: Repository, paths: ReadonlySet<string>): FileFix | null {
  const workflow = freeWorkflow(NEW_WORKFLOWS, repository)
  if (workflow === null) return null
  const text = generateTests({ paths, read: (path) => repository.manifest(path) }, { name: workflow.name, branch: repository.defaultBranch, pin: pinnedAsIn(repository) })
  return text === null ? null : createWorkflow(workflow, text, 'runs the tests')
}

function mayTest({ jobs }: Workflow): boolean {
  return jobs.some(({ uses, steps }) => uses !== null || everyStep(steps).some(({ run, uses: action }) =>
    action?.form === 'local' || action?.form === 'self' || MAY_TEST.test(run?.text ?? '') || MAY_TEST.test(action?.name ?? '')))
}
