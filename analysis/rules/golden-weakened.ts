// Finds what is in a workflow and does less than in the golden one: a wider permission, a looser pin or condition, a dropped failure.
import { goldenDrift } from '../drift/golden-drift.ts'
import { defineRule } from './rule.ts'

export const goldenWeakened = defineRule({
  meta: {
    id: 'golden-weakened',
    summary: 'Check, guard and pin as much as the golden workflow',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {},
    messages: { differs: "weaker than the golden workflow '{golden}' at {place}: {text}" },
  },
  create(ctx) {
    return {
      workflow({ file }) {
        for (const { golden, difference: { at, place, text }, fix } of goldenDrift(file, ctx.policy, ['weakened', 'reordered'])) {
          ctx.report({ message: 'differs', at, data: { golden, place, text }, fix, identity: place })
        }
      },
    }
  },
})
