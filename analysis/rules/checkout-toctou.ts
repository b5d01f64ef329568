// Finds approvals that do not bind the code they approve: a comment, a label or an environment lets a run go on that then checks
// out a pull request by a ref which its author can still move. Leaves out commits named by the event or looked up once, and
// approvals that compare the time of the last push.
import type { OutsiderCheckout } from '../workflow/outsider-checkout.ts'
import type { OutsiderRun } from '../workflow/outsider-run.ts'
import type { EditsFix } from './rule.ts'
import type { Step } from '../workflow/step.ts'
import { outsiderCheckoutOf } from '../workflow/outsider-checkout.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { scalarsOf, findPair } from '../workflow/nodes.ts'
import { everyStep, stepsAfter } from '../workflow/step.ts'
import { inputOf } from '../workflow/step-input.ts'
import { workspaceCodeOf } from '../workflow/workspace-code.ts'
import { defineRule } from './rule.ts'

const COMMENTS: ReadonlySet<string> = new Set(['issue_comment', 'pull_request_review', 'pull_request_review_comment'])
const COMPARES_TIME = /pushed_at|committedDate|committed_date|pushedDate|comment\.created_at/
const HEAD_NAME = /^\s*\$\{\{\s*(?:github\.event\.pull_request\.head\.ref|github\.head_ref)\s*\}\}\s*$/

export const checkoutToctou = defineRule({
  meta: {
    id: 'checkout-toctou',
    summary: 'Check out the commit that was approved, not a ref that can move',
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['UntrustedCheckoutTOCTOUCritical', 'UntrustedCheckoutTOCTOUHigh', 'ImproperAccessControl'] },
    messages: {
      moved: "'{what}' runs what '{source}' names when this step starts, not what the {approval} approved; check out the commit that was approved",
      present: {
        text: "'{source}' names whatever its author pushed last, not what the {approval} approved; check out the commit that was approved",
        severity: 'medium',
      },
      stays: "the label stays on the pull request, so '{source}' pushed after the approval runs as well; start only on 'labeled' and check out the event's head commit",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const checkout = outsiderCheckoutOf(step, ctx.repository)
        if (checkout === null) return
        const runs = outsiderRunsOf(step, ctx.repository)
        if (runs.length === 0 || runs.some(({ guards }) => guards.size === 0)) return
        const fix = fixFor(checkout, runs)
        if (runs.some((run) => run.event === 'pull_request_target' && staysApproved(run))) {
          ctx.report({ message: 'stays', at: checkout.at, data: { source: checkout.source }, fix })
          return
        }
        const approved = checkout.binds === 'name' ? runs.find(isApproval) : undefined
        if (approved === undefined || everyStep(step.job?.steps ?? step.action?.steps ?? []).some(comparesTime)) return
        const data = { source: checkout.source, approval: approvalOf(approved) }
        const runners = stepsAfter(step).flatMap((next) => ({ at: next, what: workspaceCodeOf(next, checkout.folder) }))
        const executed = runners.filter(({ what }) => what !== null)
        if (executed.length === 0) ctx.report({ message: 'present', at: checkout.at, data, fix })
        for (const { at, what } of executed) ctx.report({ message: 'moved', at: at.uses?.node ?? at.run ?? at.node, data: { ...data, what: what ?? '' }, fix })
      },
    }
  },
})

/** A label that was put on once, on a run that later pushes start as well. */
function staysApproved({ trigger, guards }: OutsiderRun): boolean {
  if (!guards.has('label') || guards.has('labelled') || guards.has('person') || guards.has('approval')) return false
  const types = scalarsOf(findPair(trigger.config, 'types')?.value).map(({ text }) => text)
  return types.length === 0 || types.some((type) => type === 'synchronize' || type === 'opened' || type === 'reopened')
}

function isApproval({ event, guards }: OutsiderRun): boolean {
  return COMMENTS.has(event) ? guards.has('person') || guards.has('label') : guards.has('label') || guards.has('labelled') || guards.has('approval')
}

function approvalOf({ event, guards }: OutsiderRun): string {
  if (COMMENTS.has(event)) return 'comment'
  return guards.has('label') || guards.has('labelled') ? 'label' : "environment's reviewer"
}

function comparesTime(step: Step): boolean {
  return COMPARES_TIME.test(step.run?.text ?? '') || (step.uses !== null && COMPARES_TIME.test(inputOf(step, 'script')?.text ?? ''))
}

/** Only where the event carries the commit: a comment's does not. */
function fixFor({ step }: OutsiderCheckout, runs: readonly OutsiderRun[]): EditsFix | null {
  const ref = inputOf(step, 'ref')
  if (ref?.style !== 'plain' || !HEAD_NAME.test(ref.text) || runs.some(({ event }) => event !== 'pull_request_target')) return null
  return {
    kind: 'edits',
    safety: 'unsafe',
    description: 'check out the head commit of the event',
    edits: [{ start: ref.start, end: ref.end, text: '${{ github.event.pull_request.head.sha }}' }],
  }
}
