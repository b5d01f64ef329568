// Finds workflows whose older runs go on beside newer ones, because nobody says whether they should.
// Leaves out an explicit `cancel-in-progress`, whatever it says, and workflows that are only called.
import type { Job } from '../workflow/job.ts'
import type { YamlNode } from '../source/node.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { EditsFix } from './rule.ts'
import { insertAbove } from '../workflow/insert-lines.ts'
import { asMapping, findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const GROUP = '${{ github.workflow }}-${{ github.event.pull_request.number || github.ref }}'
const CANCEL = 'cancel-in-progress'

export const missingConcurrency = defineRule({
  meta: {
    id: 'missing-concurrency',
    summary: 'Say what happens to older runs of a workflow',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'performance',
    equivalents: { zizmor: ['concurrency-limits'] },
    messages: {
      missing: "no 'concurrency' here or in {jobs}: older runs go on beside newer ones; group them by workflow and ref, and say whether a newer run cancels",
      jobGroup: "the concurrency of {jobs} does not say 'cancel-in-progress': older runs are waited for; say whether a newer run cancels",
      group: "this concurrency does not say 'cancel-in-progress': older runs are waited for; say whether a newer run cancels",
    },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        const { triggers, onPair, concurrency, node } = workflow
        if (onPair === null || triggers.length === 0 || triggers.every(({ name }) => name === 'workflow_call')) return
        const own = findPair(node, 'concurrency')
        if (own !== undefined) {
          if (!saysCancel(concurrency)) ctx.report({ message: 'group', at: own.key, identity: 'group' })
          return
        }
        const jobs = workflow.jobs.filter(({ uses }) => uses === null)
        const without = jobs.filter((job) => findPair(job.node, 'concurrency') === undefined)
        const silent = jobs.filter((job) => findPair(job.node, 'concurrency') !== undefined && !saysCancel(job.concurrency))
        const at = onPair.key
        if (without.length > 0) {
          const isWhole = without.length === jobs.length
          ctx.report({ message: 'missing', at, data: { jobs: namesOf(without) }, fix: isWhole ? addGroup(workflow) : null, identity: 'missing' })
        }
        if (silent.length > 0) ctx.report({ message: 'jobGroup', at, data: { jobs: namesOf(silent) }, identity: 'jobGroup' })
      },
    }
  },
})

function saysCancel(concurrency: YamlNode | null): boolean {
  const map = asMapping(concurrency)
  return map === null ? concurrency === null : findPair(map, CANCEL) !== undefined
}

function namesOf(jobs: readonly Job[]): string {
  const names = jobs.slice(0, 3).map(({ id }) => `'${id}'`).join(', ')
  return jobs.length > 3 ? `${names} and ${jobs.length - 3} more` : names
}

function addGroup({ file, jobsPair, node }: Workflow): EditsFix | null {
  if (jobsPair === null || node.flow) return null
  const edits = [insertAbove(file, jobsPair, ['concurrency:', `  group: ${GROUP}`, `  ${CANCEL}: true`])]
  return { kind: 'edits', safety: 'unsafe', description: 'Let a newer run of the same ref cancel the older one', edits }
}
