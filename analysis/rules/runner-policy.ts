// Finds jobs on runners that the policy does not allow: a label or a group outside of its list. Off without a list; leaves out labels
// that an expression computes.
import type { ScalarNode } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { labelEdit } from '../fixes/replace-label.ts'
import { matchesPattern } from '../policy/text-pattern.ts'
import { defineRule } from './rule.ts'

export const runnerPolicy = defineRule({
  meta: {
    id: 'runner-policy',
    summary: 'Run jobs on the runners that the policy allows',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {},
    messages: {
      label: "'{name}' is not among the runners that the policy allows ({allowed}){hint}",
      group: "the runner group '{name}' is not among those that the policy allows ({allowed})",
    },
  },
  create(ctx) {
    const { allowedRunners, runnerReplacements } = ctx.policy
    if (allowedRunners === null) return {}
    const allowed = allowedRunners.join(', ')
    const isAllowed = (name: string): boolean => allowedRunners.some((pattern) => matchesPattern(pattern, name))
    const reported = new Set<ScalarNode>()
    return {
      job({ runsOn }) {
        if (runsOn === null) return
        if (runsOn.group !== null) {
          if (!isAllowed(runsOn.group.text)) ctx.report({ message: 'group', at: runsOn.group, data: { name: runsOn.group.text, allowed } })
          return
        }
        for (const label of [...runsOn.labels, ...runsOn.matrixLabels]) {
          if (label.text === '' || isAllowed(label.text) || reported.has(label)) continue
          reported.add(label)
          const replacement = runnerReplacements[label.text]
          const hint = replacement === undefined ? '' : `; use '${replacement}'`
          ctx.report({ message: 'label', at: label, data: { name: label.text, allowed, hint }, fix: replace(ctx.file.text, label, replacement) })
        }
      },
    }
  },
})

function replace(text: string, label: ScalarNode, replacement: string | undefined): EditsFix | null {
  const edit = replacement === undefined ? null : labelEdit(text, label, replacement)
  return edit && { kind: 'edits', safety: 'unsafe', description: `Run on '${edit.text}', which the policy names`, edits: [edit] }
}
