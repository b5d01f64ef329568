// Finds triggers on which an outsider starts a run that has secrets and a write token. Leaves out a workflow whose only step is
// GitHub's own labeler.
import type { Workflow } from '../workflow/workflow.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

const LABELER = 'actions/labeler'

export const dangerousTrigger = defineRule({
  meta: {
    id: 'dangerous-trigger',
    summary: 'Do not run with secrets on what outsiders start',
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['dangerous-triggers'] },
    messages: {
      target: "'pull_request_target' runs with this repository's secrets and a write token for anybody's pull request; use 'pull_request', or keep everything of the pull request away from code",
      run: "'workflow_run' runs with secrets and a write token after runs that outsiders start; call the workflow with 'workflow_call', or trust nothing that the other run made",
    },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        const { onPair, triggers } = workflow
        if (onPair === null || isLabeler(workflow)) return
        const at = { start: onPair.key.start, end: Math.max(onPair.key.end, onPair.value.end) }
        const names = new Set(triggers.map(({ name }) => name))
        if (names.has('pull_request_target')) ctx.report({ message: 'target', at, identity: 'pull_request_target' })
        if (names.has('workflow_run')) ctx.report({ message: 'run', at, identity: 'workflow_run' })
      },
    }
  },
})

function isLabeler({ jobs }: Workflow): boolean {
  const [job, ...others] = jobs
  const steps = job === undefined ? [] : everyStep(job.steps)
  return others.length === 0 && steps.length === 1 && steps[0]?.uses?.repository.toLowerCase() === LABELER
}
