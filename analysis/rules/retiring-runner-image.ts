// Finds labels of runner images whose end is announced, and `-latest` labels that are about to move to another image.
// Leaves out images that are gone (retired-runner-image), self-hosted sets, runner groups, and GHES.
import type { ImageEnd } from '../data/runner-images.ts'
import type { Severity } from '../finding.ts'
import type { ScalarNode } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { imageEnd, movingLabel, stateOf } from '../data/runner-images.ts'
import { daysBetween } from '../data/runtimes.ts'
import { useSuccessor } from '../fixes/replace-label.ts'
import { hostedLabels } from '../workflow/runs-on.ts'
import { defineRule } from './rule.ts'

/** Days before the end from which it is urgent. */
const URGENT_DAYS = 90

export const retiringRunnerImage = defineRule({
  meta: {
    id: 'retiring-runner-image',
    summary: 'Move jobs off runner images before they end',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: {},
    messages: {
      ending: "the image '{label}' ends on {date}: this job breaks in {days} days; {advice}",
      brownout: "the image '{label}' ends on {date}, in {days} days, and jobs fail on purpose on days before it; {advice}",
      moving: { text: "'{label}' moves from {from} to {to} in {month}; name the image to choose the day yourself", severity: 'info', profile: 'pedantic' },
    },
  },
  create(ctx) {
    const reported = new Set<ScalarNode>()
    return {
      job(job) {
        if (ctx.host.kind !== 'github.com') return
        for (const label of hostedLabels(job.runsOn)) {
          if (reported.has(label)) continue
          reported.add(label)
          const moving = movingLabel(label.text)
          if (moving !== undefined && ctx.today.slice(0, 7) <= moving.month) {
            ctx.report({ message: 'moving', at: label, data: { label: label.text, from: moving.from, to: moving.to, month: moving.month } })
          }
          const end = imageEnd(label.text)
          const state = end && stateOf(end, ctx.today)
          if (!end || state === null || state === 'removed') continue
          const days = daysBetween(ctx.today, end.removed)
          ctx.report({
            message: state === 'brownout' ? 'brownout' : 'ending',
            at: label,
            severity: severityOf(state === 'brownout', days),
            data: { label: label.text, date: end.removed, days, advice: adviceOf(end) },
            // The old image still runs, so the new one is a change.
            fix: asUnsafe(useSuccessor(job, label, end)),
          })
        }
      },
    }
  },
})

const asUnsafe = (fix: EditsFix | null): EditsFix | null => fix && { ...fix, safety: 'unsafe' }

const severityOf = (isBrownout: boolean, days: number): Severity => (isBrownout || days < URGENT_DAYS ? 'high' : 'medium')

const adviceOf = ({ successor }: ImageEnd): string => (successor === null ? 'choose a label of an image that stays' : `use '${successor}'`)
