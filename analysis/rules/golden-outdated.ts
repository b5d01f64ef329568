// Finds versions and values that are older than, or other than, those of the golden workflow. Leaves out what its parameters allow.
import { goldenDrift } from '../drift/golden-drift.ts'
import { defineRule } from './rule.ts'

export const goldenOutdated = defineRule({
  meta: {
    id: 'golden-outdated',
    summary: 'Keep step with the golden workflow',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { differs: "differs from the golden workflow '{golden}' at {place}: {text}" },
  },
  create(ctx) {
    return {
      workflow({ file }) {
        for (const { golden, difference: { at, place, text }, fix } of goldenDrift(file, ctx.policy, ['outdated'])) {
          ctx.report({ message: 'differs', at, data: { golden, place, text }, fix, identity: place })
        }
      },
    }
  },
})
