// Finds labels of runner images that are gone: the job waits for a runner that never comes, then fails.
// Leaves out images that still run (retiring-runner-image), self-hosted sets, runner groups, and GHES, where labels are the owner's.
import type { ImageEnd } from '../data/runner-images.ts'
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { EditsFix } from './rule.ts'
import { imageEnd, stateOf } from '../data/runner-images.ts'
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
        if (ctx.host.kind !== 'github.com' || job.runsOn?.group !== null) return
        const labels = [...job.runsOn.labels, ...job.runsOn.matrixLabels]
        if (labels.some((label) => label.text.toLowerCase() === 'self-hosted')) return
        for (const label of labels) {
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

function useSuccessor(job: Job, label: ScalarNode, end: ImageEnd): EditsFix | null {
  const { text } = job.workflow.file
  const start = text.indexOf(label.text, label.start)
  if (end.successor === null || start < 0 || start + label.text.length > label.end) return null
  // Another row with the successor would then run twice.
  if (job.runsOn?.matrixLabels.some((other) => other.text === end.successor)) return null
  const isMatrix = job.runsOn?.matrixLabels.includes(label) === true
  // A matrix value is also read by conditions, names, `include` and `exclude`, which would no longer match it.
  const isReadElsewhere = isMatrix && text.split(label.text).length > 2
  return {
    kind: 'edits',
    safety: end.confirmed && !isReadElsewhere ? 'safe' : 'unsafe',
    description: `Replace '${label.text}' by '${end.successor}'`,
    edits: [{ start, end: start + label.text.length, text: end.successor }],
  }
}
