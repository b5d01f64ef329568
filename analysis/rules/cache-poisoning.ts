// Finds publishing jobs that restore a cache: whoever once wrote that cache is in the release.
// Leaves out caches that are off for the publishing trigger, lookups, `cache-mode: none`, and publishing done by scripts alone.
import type { MappingNode } from '../source/node.ts'
import type { Step } from '../workflow/step.ts'
import type { CacheUse } from '../data/caching-actions.ts'
import type { EditsFix } from './rule.ts'
import { cacheUses } from '../data/caching-actions.ts'
import { publishes } from '../data/publishing-actions.ts'
import { setInput } from '../fixes/set-input.ts'
import { asScalar, lookup } from '../workflow/nodes.ts'
import { publishingTrigger } from '../workflow/publishing-trigger.ts'
import { inputOf } from '../workflow/step-input.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** Runs that anybody can cause; GHES lets them write the default branch's cache, github.com no longer does. */
const OUTSIDER_TRIGGERS = new Set(['pull_request_target', 'issue_comment', 'issues', 'workflow_run', 'discussion', 'discussion_comment', 'fork', 'watch'])

export const cachePoisoning = defineRule({
  meta: {
    id: 'cache-poisoning',
    summary: 'Publish without restoring a cache',
    severity: 'medium',
    confidence: 'low',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['cache-poisoning'], codeql: ['CachePoisoningViaDirectCache', 'CachePoisoningViaPoisonableStep', 'CachePoisoningViaCodeInjection'] },
    messages: { restores: "'{uses}' restores a cache in a job that publishes {why}; what another run left there becomes part of it. {advice}" },
  },
  create(ctx) {
    return {
      job(job) {
        const { workflow } = job
        if (job.uses !== null || isModeNone(job.node) || (lookup(job.node, 'cache-mode') === null && isModeNone(workflow.node))) return
        const trigger = publishingTrigger(workflow)
        const steps = everyStep(job.steps)
        const publisher = trigger === null ? steps.find(publishes) : undefined
        if (trigger === null && publisher === undefined) return
        const why = trigger === null ? `with '${publisher?.uses?.name ?? ''}'` : `on ${trigger}`
        const isWritable = ctx.host.kind === 'ghes' && workflow.triggers.some(({ name }) => OUTSIDER_TRIGGERS.has(name))
        for (const step of steps) {
          const uses = cacheUses(step).filter((use) => !use.isDynamic || !isOffFor(trigger, step, use))
          if (step.uses === null || uses.length === 0) continue
          ctx.report({
            message: 'restores',
            at: step.uses.node,
            data: { uses: step.uses.name, why, advice: adviceOf(uses) },
            ...(isWritable ? { severity: 'high' as const } : {}),
            fix: turnOff(step, uses),
            identity: step.uses.name.toLowerCase(),
          })
        }
      },
    }
  },
})

const isModeNone = (node: MappingNode): boolean => asScalar(lookup(node, 'cache-mode'))?.text === 'none'

/** The two usual ways to ask for a tag; what is written for everything else may be on. */
const NOT_ON_TAGS = /^\$\{\{\s*(?:!\s*startsWith\(\s*github\.ref\s*,\s*'refs\/tags\/[^']*'\s*\)|github\.ref_type\s*!=\s*'tag'|github\.ref_type\s*==\s*'branch'|github\.event_name\s*==\s*'pull_request'|startsWith\(\s*github\.ref\s*,\s*'refs\/heads\/[^']*'\s*\))\s*\}\}$/i
const NOT_ON_RELEASES = /^\$\{\{\s*github\.event_name\s*!=\s*'release'\s*\}\}$/i
/** The same for inputs that turn the cache off. */
const ON_TAGS = /^\$\{\{\s*(?:startsWith\(\s*github\.ref\s*,\s*'refs\/tags\/[^']*'\s*\)|github\.ref_type\s*==\s*'tag')\s*\}\}$/i

function isOffFor(trigger: string | null, step: Step, { input, off }: CacheUse): boolean {
  const text = input === null ? '' : (inputOf(step, input)?.text.trim() ?? '')
  if (trigger !== 'a tag' && trigger !== 'a release') return false
  if (off === 'true') return ON_TAGS.test(text)
  return NOT_ON_TAGS.test(text) || (trigger === 'a release' && NOT_ON_RELEASES.test(text))
}

const settings = (uses: readonly CacheUse[]): string => uses.map(({ input, off }) => `'${input ?? ''}: ${off}'`).join(' and ')

const adviceOf = (uses: readonly CacheUse[]): string => (uses.some(({ input }) => input === null) ? 'Leave it out here' : `Set ${settings(uses)} here`)

function turnOff(step: Step, uses: readonly CacheUse[]): EditsFix | null {
  const edits = uses.map(({ input, off }) => (input === null ? null : setInput(step, input, off)))
  const found = edits.flatMap((edit) => edit ?? [])
  if (found.length < edits.length) return null
  return { kind: 'edits', safety: 'unsafe', description: `Publish without a cache: ${settings(uses)}`, edits: found }
}
