// Finds actions and called workflows of GitHub's own organisations used by tag, branch or short commit id. Who uses the platform trusts
// these owners already. Leaves out everybody else's (unpinned-action), and what unpinned-uses.ts names.
import { isOfficialOwner } from '../data/official-owners.ts'
import { UNPINNED, unpinnedUses } from '../workflow/unpinned-uses.ts'
import { defineRule } from './rule.ts'

export const unpinnedOfficialAction = defineRule({
  meta: {
    id: 'unpinned-official-action',
    summary: "Pin GitHub's own actions to a full commit id, too",
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['unpinned-uses'],
      ghalint: ['action_ref_should_be_full_length_commit_sha'],
      scorecard: ['Pinned-Dependencies'],
    },
    messages: { unpinned: UNPINNED },
  },
  create(ctx) {
    return {
      uses(uses) {
        const report = isOfficialOwner(uses.owner) ? unpinnedUses(uses, ctx) : null
        if (report !== null) ctx.report(report)
      },
    }
  },
})
