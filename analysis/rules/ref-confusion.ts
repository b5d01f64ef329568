// Finds refs that are both a tag and a branch of the named repository. Leaves out pins, and refs that say which of both they mean.
import { defineRule } from './rule.ts'

export const refConfusion = defineRule({
  meta: {
    id: 'ref-confusion',
    summary: 'Never use a name that is both a tag and a branch',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['ref-confusion'] },
    messages: { both: "'{ref}' is both a tag and a branch of '{repository}', and which of them runs is not yours to see; pin the commit that is meant" },
  },
  create(ctx) {
    return {
      uses({ form, isPinned, ref, repository, name, node }) {
        if (form !== 'repository' || isPinned || ref === null) return
        const request = { kind: 'ref', repository, ref } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        if (answer?.status !== 'known' || answer.value.isBranchToo !== true) return
        ctx.report({ message: 'both', at: node, data: { ref, repository }, identity: name.toLowerCase() })
      },
    }
  },
})
