// Finds actions whose owner is one slip away from the owner of a popular action of the same name.
// Leaves out slips in the rest of the name: there the owner is the right one, and nobody else can publish under it.
import type { EditsFix } from './rule.ts'
import type { Uses } from '../workflow/uses.ts'
import { popularTwin } from '../data/popular-actions.ts'
import { defineRule } from './rule.ts'

export const typosquatAction = defineRule({
  meta: {
    id: 'typosquat-action',
    summary: 'Check names that are one slip away from a popular action',
    severity: 'high',
    confidence: 'low',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['typosquat-uses'] },
    messages: { slip: "'{repository}' is one slip away from the popular '{popular}'; if that one is meant, somebody else's code runs here" },
  },
  create(ctx) {
    return {
      uses(uses) {
        const popular = uses.form === 'repository' ? popularTwin(uses.owner, uses.repository) : null
        if (popular === null) return
        const request = { kind: 'repository', repository: uses.repository } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        // Where the misspelt repository exists, somebody took the name.
        const isTaken = answer?.status === 'known' && answer.value.state === 'present'
        ctx.report({
          message: 'slip',
          ...(isTaken ? { confidence: 'high' } : {}),
          at: uses.node,
          data: { repository: uses.repository, popular },
          fix: useName(uses, popular),
          identity: uses.name.toLowerCase(),
        })
      },
    }
  },
})

/** Only where the ref is a name: a commit of the one repository is none of the other. */
function useName(uses: Uses, popular: string): EditsFix | null {
  const start = uses.refStart - 1 - uses.writtenName.length
  if (uses.refStart === -1 || uses.isPinned) return null
  return { kind: 'edits', safety: 'unsafe', description: `use ${popular}`, edits: [{ start, end: start + uses.repository.length, text: popular }] }
}
