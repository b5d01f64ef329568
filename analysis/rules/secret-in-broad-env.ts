// Finds secrets in the `env` of a workflow, or of a job with several steps: every step and every action of it can read them.
// Leaves out jobs of one step, and GITHUB_TOKEN.
import type { Job } from '../workflow/job.ts'
import { secretReads } from '../syntax/secret-reads.ts'
import { asMapping, lookup } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'
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
      workflow({ file, jobs }) {
        const whole = asMapping(lookup(asMapping(file.tree.root), 'env'))
        for (const { name, site, at } of secretReads(file)) {
          const holds = (env: { readonly start: number; readonly end: number } | null): boolean => env !== null && env.start <= site.scalar.start && site.scalar.end <= env.end
          const { job, step } = site
          if (job === null) {
            if (holds(whole) && jobs.flatMap(stepsOf).length > 1) ctx.report({ message: 'workflow', at, data: { name } })
          } else if (step === null && holds(job.env)) {
            const count = stepsOf(job).length
            if (count > 1) ctx.report({ message: 'job', at, data: { name, job: job.id, count } })
          }
        }
      },
    }
  },
})

const stepsOf = ({ steps }: Job) => everyStep(steps).filter((step) => step.run !== null || step.uses !== null)
