// Finds labels of runner images that are gone: the job waits for a runner that never comes, then fails.
// Leaves out images that still run (retiring-runner-image), self-hosted sets, runner groups, and GHES, where labels are the owner's.
import type { ScalarNode } from '../source/node.ts'
import { imageEnd, stateOf } from '../data/runner-images.ts'
import { useSuccessor } from '../fixes/replace-label.ts'
import { hostedLabels } from '../workflow/runs-on.ts'
import { defineRule } from './rule.ts'

export const retiredRunnerImage = defineRule({
  meta: {
    id: 'retired-runner-image',
    summary: 'Move jobs off runner images that were removed',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['runner-label'] },
    messages: {
      removed: "no runner has the image '{label}' since {date}, so the job never starts; {advice}",
      announced: { text: "the image '{label}' was announced to end on {date}, so the job will not start; {advice}", confidence: 'medium' },
    },
  },
  create(ctx) {
    const reported = new Set<ScalarNode>()
    return {
      job(job) {
        if (ctx.host.kind !== 'github.com') return
        for (const label of hostedLabels(job.runsOn)) {
          const end = imageEnd(label.text)
          if (end === undefined || stateOf(end, ctx.today) !== 'removed' || reported.has(label)) continue
          reported.add(label)
          const advice = end.successor === null ? 'choose a label of an image that exists' : `use '${end.successor}'`
          ctx.report({
            message: end.confirmed ? 'removed' : 'announced',
            at: label,
            data: { label: label.text, date: end.removed, advice },
            fix: useSuccessor(job, label, end),
          })
        }
      },
    }
  },
})
