// Finds tokens that may do more than they need: `read-all` and `write-all`, write scopes of a whole workflow, and scopes of a job
// whose steps are all known to need less. Leaves out a missing block (missing-permissions).
import type { Job } from '../workflow/job.ts'
import type { Permissions } from '../workflow/permissions.ts'
import type { Profile, Severity } from '../finding.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { narrowJob, narrowWorkflow } from '../fixes/narrow-permissions.ts'
import { jobNeeds } from '../permissions/job-needs.ts'
import { isShown } from '../policy/policy.ts'
import { defineRule } from './rule.ts'

const MEDIUM: ReadonlySet<string> = new Set(['artifact-metadata', 'checks', 'discussions', 'repository-projects', 'security-events'])
const LOW: ReadonlySet<string> = new Set(['models', 'statuses'])
const HIGH: ReadonlySet<string> = new Set(['actions', 'attestations', 'contents', 'deployments', 'id-token', 'issues', 'packages', 'pages', 'pull-requests'])

export const excessivePermissions = defineRule({
  meta: {
    id: 'excessive-permissions',
    summary: 'Grant a job what it needs, and nothing to the others',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['excessive-permissions'],
      ghalint: ['deny_read_all_permission', 'deny_write_all_permission'],
      scorecard: ['Token-Permissions'],
    },
    messages: {
      'write-all': "'write-all' lets every step change whatever a token can; name the scopes that are needed",
      'read-all': { text: "'read-all' lets every step read whatever a token can; name the scopes that are needed", severity: 'medium' },
      scope: "'{scope}: write' holds for every job of this workflow; grant it to the jobs that need it",
      unneeded: { text: "no step of this job is known to need '{scope}: {access}'{instead}", severity: 'medium', confidence: 'medium', profile: 'auditor' },
    },
  },
  create(ctx) {
    const asksForNeeds = isShown({ id: 'excessive-permissions', profile: 'auditor' }, ctx.policy)
    return {
      workflow(workflow) {
        const { permissions } = workflow
        if (permissions === null) return
        const word = wordOf(permissions)
        const writes = permissions.scopes.filter(({ access }) => access === 'write')
        if (word === null && writes.length === 0) return
        const inheriting = workflow.jobs.filter((job) => job.permissions === null)
        const fix = narrowWorkflow(workflow, permissions, new Map(inheriting.map((job) => [job, jobNeeds(job, ctx.repository)])))
        const profile = profileOf(workflow, inheriting)
        if (word !== null) ctx.report({ message: word, at: permissions.pair.key, profile, fix })
        for (const { name, key } of writes) ctx.report({ message: 'scope', at: key, severity: severityOf(name), profile, data: { scope: name }, fix })
      },
      job(job) {
        const { permissions } = job
        if (permissions === null) return
        const word = wordOf(permissions)
        if (word === null) {
          if (asksForNeeds) for (const report of unneededScopes(job, permissions)) ctx.report(report)
          return
        }
        ctx.report({ message: word, at: permissions.pair.key, fix: narrowJob(job, permissions, jobNeeds(job, ctx.repository)) })
      },
    }

    function* unneededScopes(job: Job, { scopes }: Permissions) {
      const granted = scopes.filter(({ access }) => access === 'read' || access === 'write')
      if (granted.length === 0) return
      const needs = jobNeeds(job, ctx.repository)
      if (needs.unknown.length > 0) return
      for (const { name, access, key } of granted) {
        const needed = needs.scopes.get(name)
        if (needed === access || needed === 'write' || (name === 'contents' && access === 'read') || name === 'metadata') continue
        yield { message: 'unneeded' as const, at: key, data: { scope: name, access, instead: needed === undefined ? '; remove it' : `; '${name}: ${needed}' is enough` } }
      }
    }
  },
})

function wordOf({ kind, word }: Permissions): 'read-all' | 'write-all' | null {
  return kind === 'all' && (word === 'read-all' || word === 'write-all') ? word : null
}

/** With one job, or none that inherits, nothing is granted to a job that does not ask; the caller's grant bounds a called one. */
function profileOf({ jobs, triggers }: Workflow, inheriting: readonly Job[]): Profile {
  const isOnlyCalled = triggers.length > 0 && triggers.every(({ name }) => name === 'workflow_call')
  return jobs.length <= 1 || inheriting.length === 0 || isOnlyCalled ? 'pedantic' : 'regular'
}

function severityOf(scope: string): Severity {
  if (LOW.has(scope)) return 'low'
  return MEDIUM.has(scope) || !HIGH.has(scope) ? 'medium' : 'high'
}
