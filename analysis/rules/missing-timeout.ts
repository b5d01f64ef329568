// Finds jobs without `timeout-minutes`: a hung one holds its runner for GitHub's default of six hours.
// Leaves out jobs that call a workflow, which cannot have one, and jobs whose every step has its own limit.
import type { Job } from '../workflow/job.ts'
import type { EditsFix } from './rule.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { workingSteps } from '../workflow/step.ts'
import { findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** What GitHub applies where none is given, in minutes. */
const DEFAULT_MINUTES = 360

export const missingTimeout = defineRule({
  meta: {
    id: 'missing-timeout',
    summary: 'Give every job a time limit',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'safe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { ghalint: ['job_timeout_minutes_is_required'] },
    messages: {
      missing: `job '{job}' has no timeout-minutes and may hold its runner for ${DEFAULT_MINUTES} minutes; set a limit near its usual duration`,
    },
  },
  create(ctx) {
    return {
      job(job) {
        if (job.timeoutMinutes !== null || findPair(job.node, 'timeout-minutes') !== undefined || job.stepsPair === null) return
        if (job.uses !== null || isLimitedByItsSteps(job)) return
        ctx.report({ message: 'missing', at: job.key, data: { job: job.id }, fix: writeDefault(job) })
      },
    }
  },
})

function isLimitedByItsSteps(job: Job): boolean {
  const steps = workingSteps(job.steps)
  return steps.length > 0 && steps.every((step) => step.timeoutMinutes !== null)
}

function writeDefault(job: Job): EditsFix | null {
  const { file } = job.workflow
  const indent = indentOf(file, job.node)
  const first = job.node.pairs[0]
  if (indent === null || first === undefined || job.isAlias) return null
  const lines = [`timeout-minutes: ${DEFAULT_MINUTES}`]
  const runsOn = job.runsOn?.pair
  const edit = runsOn !== undefined && isOneLine(file, runsOn)
    ? insertBelow(file, runsOn.value.end, { indent, lines })
    : insertBefore(file, first, lines)
  return {
    kind: 'edits',
    safety: 'safe',
    description: `Write out GitHub's default of ${DEFAULT_MINUTES} minutes; lower it to what the job needs`,
    edits: [edit],
  }
}
