// Finds `uses: ./x` whose action or workflow is missing or broken. Leaves out paths that a step before may create, and what
// the caller gives it (action-inputs, reusable-call-inputs). Each broken target is reported once per file, where it is first used.
import type { Uses } from '../workflow/uses.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { TargetProblem } from '../syntax/target-problems.ts'
import type { RuleContext } from './rule.ts'
import { runtimeState } from '../data/runtimes.ts'
import { actionProblems, callProblems, entryFiles } from '../syntax/target-problems.ts'
import { below, listsCode, localTarget as targetOf, normalised } from '../workflow/local-target.ts'
import { everyStep, type Step } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** Names of actions that bring files of their own. */
const BRINGS_FILES = /checkout|clone|download|artifact|cache|restore|submodule|sync/i

type Context = RuleContext<'noAction' | 'noWorkflow' | 'broken' | 'noEntry' | 'dead'>

export const localTarget = defineRule({
  meta: {
    id: 'local-target',
    summary: 'Use local actions and workflows that exist and work',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['action', 'workflow-call', 'expression'] },
    messages: {
      noAction: "'{uses}' is no action: the folder '{path}' has no action.yml, action.yaml or Dockerfile",
      noWorkflow: "'{uses}' calls a workflow that this repository does not have",
      broken: "'{uses}' is not in order: {problem}",
      noEntry: "the action '{uses}' runs '{entry}', which this repository does not have",
      dead: "the action '{uses}' runs on '{runtime}', which no supported runner has",
    },
  },
  create(ctx) {
    const reported = new Set<string>()
    return {
      uses(uses) {
        const target = targetOf(uses, ctx.repository)
        if (target === null || target.kind === 'unknown') return
        const { path } = target
        if (target.kind === 'missing') {
          if (uses.place === 'job') ctx.report({ message: 'noWorkflow', at: uses.node, data: { uses: uses.text } })
          else if (!mayAppear(uses, path)) ctx.report({ message: 'noAction', at: uses.node, data: { uses: uses.text, path: path || '.' } })
          return
        }
        const key = `${uses.place} ${path}`
        if (reported.has(key)) return
        reported.add(key)
        const problems = uses.place === 'job' ? callProblems(target.file) : actionProblems(target.file)
        for (const problem of problems) reportProblem(ctx, uses, problem)
        if (uses.place === 'step') checkRuntime(ctx, uses, { file: target.file, folder: path })
      },
    }
  },
})

function reportProblem(ctx: Context, uses: Uses, { text, severity, confidence }: TargetProblem): void {
  ctx.report({
    message: 'broken', at: uses.node, data: { uses: uses.text, problem: text }, identity: `${uses.text} ${text}`,
    ...(severity === undefined ? {} : { severity }), ...(confidence === undefined ? {} : { confidence }),
  })
}

function checkRuntime(ctx: Context, uses: Uses, { file, folder }: { file: PipelineFile; folder: string }): void {
  const { action } = file
  if (action === null) return
  const runtime = action.using?.text ?? ''
  if (runtimeState(runtime.toLowerCase(), ctx).state === 'dead') ctx.report({ message: 'dead', at: uses.node, data: { uses: uses.text, runtime }, identity: `${uses.text} runtime` })
  const { paths } = ctx.repository
  // Compiled code is often built by the job itself and kept out of the repository.
  if (paths === null || !listsCode(ctx.repository) || stepsBefore(uses).some(({ run }) => run !== null) || ctx.file.action !== null) return
  for (const entry of entryFiles(action)) {
    const path = normalised(below(folder, entry))
    if (path !== null && !paths.has(path)) ctx.report({ message: 'noEntry', at: uses.node, data: { uses: uses.text, entry: path }, identity: `${uses.text} ${entry}` })
  }
}

/** Whether the path may come from elsewhere: another checkout, a step that makes files, or the repository that calls this one. */
function mayAppear(uses: Uses, path: string): boolean {
  const workflow = uses.job?.workflow
  if (workflow === undefined || workflow.triggers.some(({ name }) => name === 'workflow_call')) return true
  const top = path.split('/')[0] ?? ''
  return stepsBefore(uses).some(({ uses: other, run, with: inputs }) => {
    if (run !== null) return top === '' || run.text.includes(top) || run.text.includes('git ')
    if (other?.name.toLowerCase() !== 'actions/checkout') return other !== null && BRINGS_FILES.test(other.name)
    return inputs?.pairs.some(({ key }) => ['path', 'repository', 'ref'].includes(key.text.toLowerCase())) === true
  })
}

function stepsBefore({ job, step }: Uses): readonly Step[] {
  if (job === null || step === null) return []
  return everyStep(job.steps).filter((other) => other.node.start < step.node.start)
}
