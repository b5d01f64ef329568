// Finds actions and called workflows used by tag, branch or short commit id. A name can be moved; a full commit id cannot.
// Leaves out GitHub's own (unpinned-official-action), and what unpinned-uses.ts names.
import { isOfficialOwner } from '../data/official-owners.ts'
import { UNPINNED, unpinnedUses } from '../workflow/unpinned-uses.ts'
import { defineRule } from './rule.ts'

/** CodeQL looks at steps only. */
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
    messages: { unpinned: UNPINNED },
  },
  create(ctx) {
    return {
      uses(uses) {
        const report = isOfficialOwner(uses.owner) ? null : unpinnedUses(uses, ctx)
        if (report !== null) ctx.report(uses.step === null ? { ...report, equivalents: NOT_CODEQL } : report)
      },
    }
  },
})
