// Finds secrets in the `env` of a workflow, or of a job with several steps: every step and every action of it can read them.
// Leaves out jobs of one step, and GITHUB_TOKEN.
import { secretReads } from '../syntax/secret-reads.ts'
import { workingSteps } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

export const secretInBroadEnv = defineRule({
  meta: {
    id: 'secret-in-broad-env',
    summary: 'Give a secret to the steps that use it',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { ghalint: ['workflow_secrets', 'job_secrets'] },
    messages: {
      workflow: "the secret {name} is in the env of the workflow, so every step of every job can read it; set it on the steps that use it",
      job: "the secret {name} is in the env of job '{job}', so each of its {count} steps can read it; set it on the steps that use it",
    },
  },
  create(ctx) {
    return {
      workflow({ file, jobs, env }) {
        for (const { name, site, at } of secretReads(file)) {
          const holds = (map: { readonly start: number; readonly end: number } | null): boolean => map !== null && map.start <= site.scalar.start && site.scalar.end <= map.end
          const { job, step } = site
          if (job === null) {
            if (holds(env) && jobs.flatMap(({ steps }) => workingSteps(steps)).length > 1) ctx.report({ message: 'workflow', at, data: { name } })
          } else if (step === null && holds(job.env)) {
            const count = workingSteps(job.steps).length
            if (count > 1) ctx.report({ message: 'job', at, data: { name, job: job.id, count } })
          }
        }
      },
    }
  },
})
