// Finds labels of runners that we do not know, and labels that no runner has together. Leaves out removed images
// (retired-runner-image), unknown labels of self-hosted sets, groups, labels of the policy, and GHES, where labels are the owner's.
import type { ScalarNode } from '../source/node.ts'
import { imageEnd } from '../data/runner-images.ts'
import { excludeEachOther, isProviderLabel, presetLabel, runnerLabel as known, runnerLabels } from '../data/runner-labels.ts'
import { matchesPattern } from '../policy/text-pattern.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { labelSets } from '../workflow/runs-on.ts'
import { defineRule } from './rule.ts'

export const runnerLabel = defineRule({
  meta: {
    id: 'runner-label',
    summary: 'Ask for runners that exist',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['runner-label'], octoscan: ['runner-label'] },
    messages: {
      conflict: "no runner has both labels '{label}' and '{other}', so the job never starts",
      unknown: { text: "'{label}' is no runner label that this version knows{hint}; list your own runners' labels in the policy", severity: 'info', confidence: 'low' },
    },
  },
  create(ctx) {
    const reported = new Set<ScalarNode>()
    return {
      job({ runsOn, matrix }) {
        if (runsOn === null || ctx.host.kind !== 'github.com') return
        for (const { labels, isOpen } of labelSets(runsOn, matrix)) {
          if (isOpen) continue
          const isOwn = labels.some(({ text }) => text.toLowerCase() === 'self-hosted')
          // A runner of one's own may carry any name, but only those of its system come by themselves.
          const factOf = isOwn ? presetLabel : known
          for (const [index, label] of labels.entries()) {
            if (label.text === '' || reported.has(label)) continue
            const fact = factOf(label.text)
            if (fact === undefined && isOwn) continue
            const other = fact && labels.slice(0, index).find(({ text }) => excludeEachOther(fact, factOf(text) ?? { system: '', images: [] }))
            if (fact === undefined && (imageEnd(label.text) !== undefined || isProviderLabel(label.text) || ctx.policy.runnerLabels.some((pattern) => matchesPattern(pattern, label.text)))) continue
            if (fact !== undefined && other === undefined) continue
            reported.add(label)
            if (other !== undefined) ctx.report({ message: 'conflict', at: label, data: { label: label.text, other: other.text } })
            else ctx.report({ message: 'unknown', at: label, data: { label: label.text, hint: hintFor(label.text) } })
          }
        }
      },
    }
  },
})

function hintFor(label: string): string {
  const meant = nearMiss(label, runnerLabels())
  return meant === null ? '' : ` (did you mean '${meant}'?)`
}
