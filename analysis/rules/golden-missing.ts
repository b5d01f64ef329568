// Finds jobs and steps of the golden workflow that are absent. Off without golden workflows in the policy.
import { goldenDrift } from '../drift/golden-drift.ts'
import { defineRule } from './rule.ts'

export const goldenMissing = defineRule({
  meta: {
    id: 'golden-missing',
    summary: 'Have every job and step of the golden workflow',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { differs: "{text}, which the golden workflow '{golden}' has" },
  },
  create(ctx) {
    return {
      workflow({ file }) {
        for (const { golden, difference: { at, place, text }, fix } of goldenDrift(file, ctx.policy, ['missing'])) {
          ctx.report({ message: 'differs', at, data: { golden, text }, fix, identity: place })
        }
      },
    }
  },
})
