// Finds what the golden workflow lacks. Off unless the policy forbids extras; leaves out the points that it names.
import { goldenDrift } from '../drift/golden-drift.ts'
import { defineRule } from './rule.ts'

export const goldenExtra = defineRule({
  meta: {
    id: 'golden-extra',
    summary: 'Have nothing that the golden workflow lacks',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { differs: "the golden workflow '{golden}' has no {place}: {text}" },
  },
  create(ctx) {
    return {
      workflow({ file }) {
        for (const { golden, difference: { at, place, text } } of goldenDrift(file, ctx.policy, ['extra'])) {
          ctx.report({ message: 'differs', at, data: { golden, place, text }, identity: place })
        }
      },
    }
  },
})
