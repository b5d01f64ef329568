// Finds pinned or local actions, and called workflows, that themselves use something unpinned. Leaves out what stands here unpinned
// (unpinned-action, unpinned-official-action), owners whose tags the policy accepts, and actions whose metadata nobody read.
import type { Uses } from '../workflow/uses.ts'
import { isShown } from '../policy/policy.ts'
import { readActionFact } from '../workflow/action-fact.ts'
import { isCommit } from '../workflow/commit.ts'
import { localTarget } from '../workflow/local-target.ts'
import { defineRule } from './rule.ts'

/** More do not help the reader. */
const MOST_NAMED = 3

export const transitiveUnpinned = defineRule({
  meta: {
    id: 'transitive-unpinned',
    summary: 'Use actions that pin what they use themselves',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['unpinnable_action'] },
    messages: { unpinned: "'{uses}' itself uses what can change under you: {nested}; have it pinned there, or use another action" },
  },
  create(ctx) {
    const profile = ctx.policy.requireFullHashes ? 'regular' : 'pedantic'
    if (!isShown({ id: 'transitive-unpinned', profile }, ctx.policy)) return {}
    const trusted = new Set(ctx.policy.trustedOwners.map((owner) => owner.toLowerCase()))
    return {
      uses(uses) {
        const nested = nestedIn(uses).filter((text) => isUnpinned(text, trusted))
        if (nested.length === 0) return
        const names = nested.slice(0, MOST_NAMED).map((text) => `'${text}'`).join(', ')
        const more = nested.length > MOST_NAMED ? ` and ${nested.length - MOST_NAMED} more` : ''
        ctx.report({ message: 'unpinned', at: uses.node, data: { uses: uses.text, nested: names + more }, profile, identity: uses.name.toLowerCase() })
      },
    }

    function nestedIn(uses: Uses): readonly string[] {
      if (uses.form === 'local' || uses.form === 'self') {
        const target = localTarget(uses, ctx.repository)
        return target?.kind === 'file' ? (readActionFact(target.file.path, target.file.text)?.nested ?? []) : []
      }
      if (uses.form !== 'repository' || !uses.isPinned || uses.ref === null) return []
      const request = { kind: 'action', name: uses.name, ref: uses.ref } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      return answer?.status === 'known' ? answer.value.nested : []
    }
  },
})

function isUnpinned(text: string, trusted: ReadonlySet<string>): boolean {
  if (text.startsWith('docker://')) return !text.includes('@sha256:')
  if (text.startsWith('.') || text.startsWith('$/') || text.includes('${{')) return false
  const at = text.lastIndexOf('@')
  return at > 0 && !isCommit(text.slice(at + 1)) && !trusted.has(text.slice(0, text.indexOf('/')).toLowerCase())
}
