// Finds workflows that outsiders start, or that publish, and that do not say what they may do with the cache.
// Leaves out GHES, which has no such key, and workflows whose every step is known to use no cache.
import type { Step } from '../workflow/step.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { EditsFix } from './rule.ts'
import { cacheUses } from '../data/caching-actions.ts'
import { usesNoCache } from '../data/cacheless-actions.ts'
import { publishes } from '../data/publishing-actions.ts'
import { insertAbove } from '../workflow/insert-lines.ts'
import { readOnlyCacheEvent } from '../workflow/cache-token.ts'
import { findPair } from '../workflow/nodes.ts'
import { publishingTrigger } from '../workflow/publishing-trigger.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** Anybody can start these, in the place of the default branch. */
const OUTSIDER_TRIGGERS = new Set(['pull_request_target', 'workflow_run', 'issues', 'issue_comment', 'discussion', 'discussion_comment', 'commit_comment', 'fork', 'watch'])
const KEY = 'cache-mode'

export const cacheModeMissing = defineRule({
  meta: {
    id: 'cache-mode-missing',
    summary: 'Say what a workflow may do with the cache',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {},
    messages: { missing: "this workflow {why} and does not say '{key}': its steps may read and write the cache; set it to '{mode}'" },
  },
  create(ctx) {
    return {
      workflow(workflow) {
        const { jobs, onPair, node, triggers } = workflow
        if (ctx.host.kind === 'ghes' || onPair === null || findPair(node, KEY) !== undefined) return
        const open = jobs.filter((job) => findPair(job.node, KEY) === undefined)
        const steps = open.flatMap((job) => everyStep(job.steps))
        if (open.length === 0 || (open.every(({ uses }) => uses === null) && steps.every(needsNoCache))) return
        const outsider = triggers.find(({ name }) => OUTSIDER_TRIGGERS.has(name))
        const published = publishingTrigger(workflow)
        const publisher = steps.find(publishes)
        const why = outsider !== undefined ? `is started by '${outsider.name}'` : published === 'a release' || published === 'a tag' ? `starts on ${published}` : publisher === undefined ? null : `publishes with '${publisher.uses?.name ?? ''}'`
        if (why === null) return
        const mode = steps.some((step) => cacheUses(step).length > 0) ? 'read' : 'none'
        // Their token may only read, so nothing changes where nothing else is unknown.
        const isSafe = mode === 'read' && readOnlyCacheEvent(workflow) !== null && open.every(({ uses }) => uses === null) && steps.every(isKnown)
        ctx.report({ message: 'missing', at: onPair.key, data: { why, key: KEY, mode }, fix: addMode(workflow, mode, isSafe), identity: KEY })
      },
    }
  },
})

/** A script has no access to the cache. */
const needsNoCache = (step: Step): boolean => step.run !== null || usesNoCache(step)

const isKnown = (step: Step): boolean => needsNoCache(step) || cacheUses(step).length > 0

function addMode({ file, jobsPair, node }: Workflow, mode: 'read' | 'none', isSafe: boolean): EditsFix | null {
  if (jobsPair === null || node.flow) return null
  return { kind: 'edits', safety: isSafe ? 'safe' : 'unsafe', description: `Allow the cache: ${mode}`, edits: [insertAbove(file, jobsPair, [`${KEY}: ${mode}`])] }
}
