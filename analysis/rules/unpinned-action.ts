// Finds actions and called workflows used by tag, branch or short commit id. A name can be moved; a full commit id cannot.
// Leaves out ./ and $/ (the repository's own commit), docker:// images, refs that actions.lock holds, and trusted owners.
import { defineRule } from './rule.ts'

/** CodeQL looks at steps only, and accepts tags of these owners by itself; we leave that to the policy. */
const TRUSTED_BY_CODEQL: ReadonlySet<string> = new Set(['actions', 'github', 'advanced-security'])
const NOT_CODEQL = { codeql: [] } as const

export const unpinnedAction = defineRule({
  meta: {
    id: 'unpinned-action',
    summary: 'Pin every action and called workflow to a full commit id',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['unpinned-uses'],
      ghalint: ['action_ref_should_be_full_length_commit_sha'],
      codeql: ['UnpinnedActionsTag'],
      scorecard: ['Pinned-Dependencies'],
    },
    messages: { unpinned: "'{uses}' can change under you: '{ref}' is a name that can be moved; pin it to a full commit id" },
  },
  create(ctx) {
    const trusted = new Set(ctx.policy.trustedOwners.map((owner) => owner.toLowerCase()))
    return {
      uses(uses) {
        const { form, ref, repository, isPinned } = uses
        if (form !== 'repository' || ref === null || isPinned) return
        if (trusted.has(uses.owner.toLowerCase()) || ctx.repository.lockedCommit(repository, ref) !== null) return
        ctx.want({ kind: 'ref', repository, ref })
        ctx.report({
          message: 'unpinned',
          at: uses.node,
          data: { uses: uses.text, ref },
          fix: { kind: 'uses', uses, wish: 'pin' },
          identity: uses.name.toLowerCase(),
          ...(uses.step === null || TRUSTED_BY_CODEQL.has(uses.owner.toLowerCase()) ? { equivalents: NOT_CODEQL } : {}),
        })
      },
    }
  },
})
