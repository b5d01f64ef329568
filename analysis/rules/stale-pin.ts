// Finds pins to commits that no tag points to: no release says what they are. Leaves out repositories that release from a branch,
// and what impostor-commit reports.
import { defineRule } from './rule.ts'

export const stalePin = defineRule({
  meta: {
    id: 'stale-pin',
    summary: 'Pin commits that a tag points to',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['stale-action-refs'] },
    messages: { untagged: "no tag of '{repository}' points to the commit that is pinned here; pin the commit of a release" },
  },
  create(ctx) {
    return {
      uses({ form, isPinned, ref, repository, name, node }) {
        if (form !== 'repository' || !isPinned || ref === null || ctx.policy.branchReleases.includes(repository.toLowerCase())) return
        const request = { kind: 'commit', repository, commit: ref } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        if (answer?.status !== 'known' || !answer.value.isInRepository || answer.value.tags.length > 0) return
        ctx.report({ message: 'untagged', at: node, data: { repository }, identity: name.toLowerCase() })
      },
    }
  },
})
