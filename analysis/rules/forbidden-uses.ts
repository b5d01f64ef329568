// Finds actions and called workflows that the policy does not allow. Leaves out what the repository itself holds; off without a list.
import { matchesUses } from '../policy/uses-pattern.ts'
import { defineRule } from './rule.ts'

export const forbiddenUses = defineRule({
  meta: {
    id: 'forbidden-uses',
    summary: 'Use only what the policy allows',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['forbidden-uses'] },
    messages: {
      denied: "'{uses}' is on the policy's deny list, by '{pattern}'",
      unlisted: "'{uses}' is not on the policy's allow list; ask for it to be added, or use one that is",
    },
  },
  create(ctx) {
    const { allowedUses, deniedUses } = ctx.policy
    if (allowedUses === null && deniedUses.length === 0) return {}
    return {
      uses(uses) {
        if (uses.form !== 'repository' && uses.form !== 'docker') return
        const at = uses.node
        const identity = uses.name.toLowerCase()
        const pattern = deniedUses.find((each) => matchesUses(uses, each))
        if (pattern !== undefined) ctx.report({ message: 'denied', at, identity, data: { uses: uses.text, pattern } })
        else if (allowedUses !== null && !allowedUses.some((each) => matchesUses(uses, each))) {
          ctx.report({ message: 'unlisted', at, identity, data: { uses: uses.text } })
        }
      },
    }
  },
})
