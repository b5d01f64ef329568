// Finds secrets in the `env` of a workflow, or of a job with several steps: every step and every action of it can read them.
// Leaves out jobs of one step, and GITHUB_TOKEN.
import { moveEnvToSteps } from '../fixes/move-env-to-steps.ts'
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
    fix: 'unsafe',
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
      workflow({ file, node, jobs, env }) {
        for (const { name, site, at } of secretReads(file)) {
          const holds = (map: { readonly start: number; readonly end: number } | null): boolean => map !== null && map.start <= site.scalar.start && site.scalar.end <= map.end
          const { job, step } = site
          const steps = job === null ? jobs.flatMap((each) => workingSteps(each.steps)) : workingSteps(job.steps)
          const map = job === null ? env : job.env
          if (step !== null || map === null || !holds(map) || steps.length < 2) continue
          const pair = map.pairs.find(({ value }) => value.start <= site.scalar.start && site.scalar.end <= value.end)
          const fix = pair === undefined ? null : moveEnvToSteps({ file, owner: job?.node ?? node, env: map, pair, steps })
          if (job === null) ctx.report({ message: 'workflow', at, data: { name }, fix })
          else ctx.report({ message: 'job', at, data: { name, job: job.id, count: steps.length }, fix })
        }
      },
    }
  },
})
