// Finds workflows and jobs that run with the default token, whose rights a setting of the repository decides.
// Leaves out jobs below a workflow-level block, which set theirs by it.
import type { TokenNeeds } from '../permissions/needs.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { permissionFixes } from '../fixes/write-permissions.ts'
import { jobNeeds } from '../permissions/job-needs.ts'
import { defineRule } from './rule.ts'

/** poutine reports the workflow, once, and only when one of these events starts it. */
const RISKY_FOR_POUTINE: ReadonlySet<string> = new Set(['pull_request_target', 'issue_comment'])
const NOT_POUTINE = { poutine: [] } as const

export const missingPermissions = defineRule({
  meta: {
    id: 'missing-permissions',
    summary: 'Say what the token may do',
    severity: 'medium',
    confidence: 'medium',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['excessive-permissions'],
      poutine: ['default_permissions_on_risky_events'],
      ghalint: ['job_permissions'],
      codeql: ['MissingActionsPermissions'],
      scorecard: ['Token-Permissions'],
    },
    messages: {
      workflow: 'this workflow sets no permissions, so its jobs get whatever the repository grants by default; add a block with what they need',
      job: "job '{job}' runs with the repository's default permissions; add a block with what it needs{needs}",
    },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        if (workflow.permissions !== null || workflow.jobs.length === 0) return
        const inheriting = workflow.jobs.filter((job) => job.permissions === null)
        const needs = new Map(inheriting.map((job) => [job, jobNeeds(job, ctx.repository)]))
        const fixes = permissionFixes(workflow, needs)
        const isOnlyCalled = workflow.triggers.length > 0 && workflow.triggers.every(({ name }) => name === 'workflow_call')
        const isLesser = isOnlyCalled || workflow.jobs.length === 1 || inheriting.length === 0
        const isRisky = workflow.triggers.some(({ name }) => RISKY_FOR_POUTINE.has(name))
        ctx.report({
          message: 'workflow',
          at: firstLine(workflow),
          fix: fixes.workflow,
          ...(isLesser ? { profile: 'pedantic' } : {}),
          ...(isRisky ? {} : { equivalents: NOT_POUTINE }),
        })
        for (const job of inheriting) {
          ctx.report({
            message: 'job',
            at: job.key,
            data: { job: job.id, needs: describe(needs.get(job)) },
            fix: fixes.jobs.get(job) ?? null,
            equivalents: NOT_POUTINE,
            ...(isOnlyCalled && job.uses === null ? { profile: 'pedantic' } : {}),
          })
        }
      },
    }
  },
})

function firstLine({ node, onPair }: Workflow): { start: number; end: number } {
  return node.pairs[0]?.key ?? onPair?.key ?? node
}

/** Only the whole truth is told: half of it would read like all of it. */
function describe(needs: TokenNeeds | undefined): string {
  if (needs === undefined || needs.unknown.length > 0) return ''
  const scopes = [...needs.scopes].map(([scope, level]) => `${scope}: ${level}`)
  return `: ${scopes.length === 0 ? 'nothing' : scopes.join(', ')}`
}
