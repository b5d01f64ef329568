// Actions and called workflows by tag, branch or short commit id: what the rules on them report, whoever the owner is.
// Leaves out ./ and $/ (the repository's own commit), docker:// images, refs that actions.lock holds, and trusted owners.
import type { Report, RuleContext } from '../rules/rule.ts'
import type { Uses } from './uses.ts'

export const UNPINNED = "'{uses}' can change under you: '{ref}' is a name that can be moved; pin it to a full commit id"

/** Asks which commit the name means; null where it is pinned, or the policy accepts it as it is. */
export function unpinnedUses(uses: Uses, { policy, repository, want }: Pick<RuleContext, 'policy' | 'repository' | 'want'>): Report<'unpinned'> | null {
  const { form, ref, isPinned } = uses
  if (form !== 'repository' || ref === null || isPinned) return null
  const owner = uses.owner.toLowerCase()
  if (policy.trustedOwners.some((trusted) => trusted.toLowerCase() === owner) || repository.lockedCommit(uses.repository, ref) !== null) return null
  want({ kind: 'ref', repository: uses.repository, ref })
  return {
    message: 'unpinned',
    at: uses.node,
    data: { uses: uses.text, ref },
    fix: { kind: 'uses', uses, wish: 'pin' },
    identity: uses.name.toLowerCase(),
  }
}
