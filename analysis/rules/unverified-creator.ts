// Finds actions of owners that GitHub has not verified and the policy does not trust. Leaves out owners of whom nobody knows it.
import { defineRule } from './rule.ts'

export const unverifiedCreator = defineRule({
  meta: {
    id: 'unverified-creator',
    summary: 'Know who writes the actions that run here',
    severity: 'info',
    confidence: 'high',
    profile: 'auditor',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['github_action_from_unverified_creator_used'] },
    messages: { unverified: "GitHub has not verified '{owner}', who writes '{uses}'; read what it does, and add the owner to 'trusted-owners' of the policy" },
  },
  create(ctx) {
    const trusted = new Set(ctx.policy.trustedOwners.map((owner) => owner.toLowerCase()))
    return {
      uses({ form, owner, repository, name, node }) {
        if (form !== 'repository' || trusted.has(owner.toLowerCase())) return
        const request = { kind: 'repository', repository, withOwner: true } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        if (answer?.status !== 'known' || answer.value.state === 'gone' || answer.value.isOwnerVerified !== false) return
        ctx.report({ message: 'unverified', at: node, data: { owner, uses: name }, identity: name.toLowerCase() })
      },
    }
  },
})
