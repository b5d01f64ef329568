// Finds what actions.lock does not hold: a `uses` of a workflow that it lacks, and a locked commit that its ref never pointed to.
// Leaves out repositories without the lock, full commit ids, which need none, and a ref that has only moved on.
import type { ScalarNode } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { namesVersion } from '../data/version-tag.ts'
import { parseVersion } from '../data/version.ts'
import { ACTIONS_LOCK } from '../pipeline-path.ts'
import { lockedActions } from '../workflow/actions-lock.ts'
import { defineRule } from './rule.ts'

export const lockfileMismatch = defineRule({
  meta: {
    id: 'lockfile-mismatch',
    summary: 'Keep actions.lock in step with the workflows',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {},
    messages: {
      missing: "'{uses}' is missing from actions.lock, so it is as loose as without the lock; lock it again",
      foreign: { text: "'{key}' never pointed to the commit that is locked here: somebody else's code may run; lock the commit of '{ref}' again", severity: 'high' },
    },
  },
  create(ctx) {
    if (ctx.repository.file(ACTIONS_LOCK) === undefined) return {}
    return {
      uses({ form, isPinned, ref, repository, text, name, node }) {
        if (form !== 'repository' || isPinned || ref === null || ctx.file.kind !== 'workflow') return
        if (ctx.repository.lockedCommit(repository, ref) === null) ctx.report({ message: 'missing', at: node, data: { uses: text }, identity: name.toLowerCase() })
      },
      file(file) {
        if (file.path !== ACTIONS_LOCK) return
        for (const { key, repository, ref, commit, node } of lockedActions(file)) {
          const now = commitNow(repository, ref)
          if (now === null || now === commit || !isForeign({ repository, ref, commit })) continue
          ctx.report({ message: 'foreign', at: node, data: { key, ref }, fix: renew(node, commit, now), identity: key.toLowerCase() })
        }
      },
    }

    function commitNow(repository: string, ref: string): string | null {
      const request = { kind: 'ref', repository, ref } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      return answer?.status === 'known' ? answer.value.commit : null
    }

    /** Of a fork, or the release of another version. */
    function isForeign({ repository, ref, commit }: { readonly repository: string; readonly ref: string; readonly commit: string }): boolean {
      const request = { kind: 'commit', repository, commit } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      if (answer?.status !== 'known') return false
      const { isInRepository, tags } = answer.value
      const versions = tags.filter((tag) => parseVersion(tag) !== null)
      return !isInRepository || (parseVersion(ref) !== null && versions.length > 0 && !versions.some((tag) => namesVersion(ref, tag)))
    }
  },
})

/** The commit stands last in its value, before a closing quote where there is one. */
function renew({ start, style, text }: ScalarNode, locked: string, commit: string): EditsFix {
  const from = start + (style === 'plain' ? 0 : 1) + text.length - locked.length
  return { kind: 'edits', safety: 'unsafe', description: 'lock the commit that the ref points to now', edits: [{ start: from, end: from + locked.length, text: commit }] }
}
