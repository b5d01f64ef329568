// Finds secrets that a job reads without an environment, which could ask for an approval and keep the secret to some branches.
// Leaves out GITHUB_TOKEN, secrets that the policy shares, and workflows that are called: their secrets are the caller's.
import { secretReads } from '../syntax/secret-reads.ts'
import { defineRule } from './rule.ts'

export const secretOutsideEnvironment = defineRule({
  meta: {
    id: 'secret-outside-environment',
    summary: 'Keep secrets in environments',
    severity: 'medium',
    confidence: 'high',
    profile: 'auditor',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['secrets-outside-env'] },
    messages: { unguarded: "job '{job}' reads the secret {name} without an environment, so any branch's run gets it; keep it in an environment with its own rules" },
  },
  create(ctx) {
    return {
      workflow({ file, triggers }) {
        if (triggers.some(({ name }) => name === 'workflow_call')) return
        for (const { name, site: { job }, at } of secretReads(file)) {
          // A called workflow chooses the environments of its own jobs.
          if (job?.environment !== null || job.uses !== null || ctx.policy.sharedSecrets.includes(name)) continue
          ctx.report({ message: 'unguarded', at, data: { job: job.id, name } })
        }
      },
    }
  },
})
