// Finds pinned commits that live only in a fork: GitHub serves them under the original's name, and anybody can fork.
import { defineRule } from './rule.ts'

export const impostorCommit = defineRule({
  meta: {
    id: 'impostor-commit',
    summary: 'Pin commits of the repository itself, never of a fork',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['impostor-commit'] },
    messages: { foreign: "no branch or tag of '{repository}' contains the commit that is pinned here, so it is a fork's: anybody may have written it; pin the commit of a release" },
  },
  create(ctx) {
    return {
      uses({ form, isPinned, ref, repository, name, node }) {
        if (form !== 'repository' || !isPinned || ref === null) return
        const request = { kind: 'commit', repository, commit: ref } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        if (answer?.status !== 'known' || answer.value.isInRepository) return
        ctx.report({ message: 'foreign', at: node, data: { repository }, identity: name.toLowerCase() })
      },
    }
  },
})
