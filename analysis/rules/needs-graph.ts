// Finds `needs` that name no job of the file, and jobs that wait for each other. Leaves out entries that occur twice
// (duplicate-id). Reported on the job, which is what GitHub refuses.
import type { Job } from '../workflow/job.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const needsGraph = defineRule({
  meta: {
    id: 'needs-graph',
    summary: 'Let every job wait only for jobs that exist and can end',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['job-needs'] },
    messages: {
      missing: "the job '{job}' needs '{needed}', and this file has no such job{hint}",
      cycle: 'these jobs wait for each other: {jobs}',
    },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        const ids = new Map(jobPairs(workflow).map((id) => [id.toLowerCase(), id]))
        for (const job of workflow.jobs) {
          const reported = new Set<string>()
          for (const { text: needed } of job.needs) {
            const id = needed.toLowerCase()
            if (needed === '' || hasExpression(needed) || ids.has(id) || reported.has(id)) continue
            reported.add(id)
            const meant = nearMiss(needed, ids.values())
            ctx.report({ message: 'missing', at: job.key, data: { job: job.id, needed, hint: meant === null ? '' : `; did you mean '${meant}'?` }, identity: id })
          }
        }
        for (const cycle of cyclesOf(workflow.jobs)) {
          const [first] = cycle
          if (first === undefined) continue
          ctx.report({ message: 'cycle', at: first.key, data: { jobs: [...cycle, first].map(({ id }) => `'${id}'`).join(' needs ') } })
        }
      },
    }
  },
})

/** Ids of all jobs, broken ones included. */
function jobPairs({ jobs, jobsPair }: Workflow): readonly string[] {
  return jobsPair?.value.kind === 'mapping' ? jobsPair.value.pairs.map(({ key }) => key.text) : jobs.map(({ id }) => id)
}

/** Each cycle once, from the job that stands first in the file; without recursion, because chains can be long. */
function cyclesOf(jobs: readonly Job[]): readonly (readonly Job[])[] {
  const byId = new Map(jobs.map((job) => [job.id.toLowerCase(), job]))
  const neededBy = (job: Job): readonly Job[] => job.needs.flatMap(({ text }) => byId.get(text.toLowerCase()) ?? [])
  const done = new Set<Job>()
  const cycles: (readonly Job[])[] = []
  for (const start of jobs) {
    const path: { readonly job: Job; readonly open: Job[] }[] = []
    const onPath = new Set<Job>()
    const enter = (job: Job): void => {
      done.add(job)
      onPath.add(job)
      path.push({ job, open: [...neededBy(job)].reverse() })
    }
    if (!done.has(start)) enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.open.pop()
      if (next === undefined) {
        onPath.delete(top.job)
        path.pop()
      } else if (onPath.has(next)) cycles.push(fromFirst(path.slice(path.findIndex(({ job }) => job === next)).map(({ job }) => job)))
      else if (!done.has(next)) enter(next)
    }
  }
  return cycles
}

function fromFirst(cycle: readonly Job[]): readonly Job[] {
  const first = cycle.reduce((best, job, index) => (job.key.start < (cycle[best]?.key.start ?? Infinity) ? index : best), 0)
  return [...cycle.slice(first), ...cycle.slice(0, first)]
}
