// Finds workflows that run twice for one change: for the push to a branch and for its pull request.
// Leaves out workflows whose conditions look at the event, and path filters: which checks are required no file says.
import { filterPush } from '../fixes/filter-push.ts'
import { isUnfilteredPush } from '../workflow/pull-request-run.ts'
import { findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** What a condition, a concurrency group or a script says when it treats the two events differently. */
const TELLS_EVENTS = /github\.(?:event_name|event\.pull_request|head_ref|base_ref|ref\b|ref_name)|GITHUB_(?:EVENT_NAME|HEAD_REF|BASE_REF|REF)\b|cancel-in-progress|skip-duplicate/

export const wastedRuns = defineRule({
  meta: {
    id: 'wasted-runs',
    summary: 'Run once for one change',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'performance',
    equivalents: {},
    messages: { twice: "a branch with a pull request runs every job twice: 'push' has no branches and 'pull_request' is there too; name the branches that 'push' is for" },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        const { file, jobs, triggers } = workflow
        const push = triggers.find(({ name }) => name === 'push')
        const pull = triggers.find(({ name }) => name === 'pull_request')
        if (push === undefined || pull === undefined || jobs.length === 0 || !isUnfilteredPush(workflow) || TELLS_EVENTS.test(file.text)) return
        // Pull requests of a certain kind only, or different files: not the same runs.
        if (['types', 'paths', 'paths-ignore'].some((key) => findPair(pull.config, key) !== undefined || findPair(push.config, key) !== undefined)) return
        const { defaultBranch } = ctx.repository
        ctx.report({ message: 'twice', at: push.node, fix: defaultBranch === null ? null : filterPush(workflow, defaultBranch), identity: '' })
      },
    }
  },
})
