// Finds runs with secrets and a write token, started by outsiders, that check out the code of the outsider's pull request.
// Leaves out checkouts that a trusted person, a label or an environment must approve (checkout-toctou judges those), the
// repository's own branches, and folders that no later step touches but to read.
import type { OutsiderCheckout } from '../workflow/outsider-checkout.ts'
import type { Step } from '../workflow/step.ts'
import { outsiderCheckoutOf } from '../workflow/outsider-checkout.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { stepsAfter } from '../workflow/step.ts'
import { workspaceCodeOf } from '../workflow/workspace-code.ts'
import { isPowerless } from '../permissions/powerless.ts'
import { isReadOnly } from '../shell/read-only.ts'
import { defineRule } from './rule.ts'

export const untrustedCheckout = defineRule({
  meta: {
    id: 'untrusted-checkout',
    summary: "Never check out an outsider's code in a run with secrets",
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      poutine: ['untrusted_checkout_exec'],
      octoscan: ['dangerous-checkout'],
      codeql: ['UntrustedCheckoutCritical', 'UntrustedCheckoutHigh', 'UntrustedCheckoutMedium'],
      scorecard: ['Dangerous-Workflow'],
    },
    messages: {
      executed: {
        text: "'{source}' is an outsider's code and '{what}' runs it, while {event} gives this run the repository's secrets and token; run it on pull_request instead",
        confidence: 'high',
      },
      powerless: {
        text: "'{source}' is an outsider's code and '{what}' runs it on {event}; the token only reads here, but caches and artifacts of this run are trusted later, so run it on pull_request",
        severity: 'medium',
      },
      present: {
        text: "'{source}' is an outsider's code, and {event} gives this run the repository's secrets and token; nothing here is seen to run it, but check out the base, or use pull_request",
        severity: 'medium',
      },
    },
  },
  create(ctx) {
    return {
      step(step) {
        const checkout = outsiderCheckoutOf(step, ctx.repository)
        if (checkout === null) return
        const run = outsiderRunsOf(step, ctx.repository).find(({ guards }) => guards.size === 0)
        if (run === undefined) return
        const later = stepsAfter(step)
        const what = later.map((next) => workspaceCodeOf(next, checkout.folder)).find((code) => code !== null)
        if (what === undefined && isOnlyRead(checkout, later)) return
        const message = what === undefined ? 'present' : isPowerless(step) ? 'powerless' : 'executed'
        ctx.report({ message, at: checkout.at, data: { source: checkout.source, event: run.event, what: what ?? '' } })
      },
    }
  },
})

/** A folder of its own that the steps behind it do no more than look into. */
function isOnlyRead({ folder }: OutsiderCheckout, later: readonly Step[]): boolean {
  return folder !== '' && later.length > 0 && later.every(isReadOnly)
}
