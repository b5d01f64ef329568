// Finds version comments of pins that name another commit's version, and pins without one though a tag points there.
// Leaves out commits without a tag, and everything that only the code host could tell while it was not asked.
import type { Uses } from '../workflow/uses.ts'
import { fullestVersionTag, namesVersion } from '../data/version-tag.ts'
import { isShown } from '../policy/policy.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { defineRule } from './rule.ts'

export const pinCommentMismatch = defineRule({
  meta: {
    id: 'pin-comment-mismatch',
    summary: 'Let the version comment of a pin name the version of its commit',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['ref-version-mismatch'] },
    messages: {
      other: "the comment says '{version}', but that is another commit of '{repository}'; {advice}",
      missing: { text: "'{repository}' is pinned to the commit of {tag}, which no comment says; add '# {tag}'", severity: 'low', profile: 'pedantic' },
    },
  },
  create(ctx) {
    const names = isShown({ id: 'pin-comment-mismatch', profile: 'pedantic' }, ctx.policy)
    return {
      uses(uses) {
        if (uses.form !== 'repository' || !uses.isPinned || uses.ref === null) return
        const written = versionComment(uses)
        if (written === null && !names) return
        const tags = tagsOf(uses.repository, uses.ref)
        const tag = fullestVersionTag(tags)
        if (written === null) {
          if (tag !== null) ctx.report({ message: 'missing', at: uses.node, data: { repository: uses.repository, tag }, fix: { kind: 'uses', uses, wish: 'comment' }, identity: uses.name.toLowerCase() })
          return
        }
        if (tags.some((each) => namesVersion(written.version, each)) || !pointsElsewhere(uses, written.version)) return
        const advice = tag === null ? 'no tag points to the one that is pinned' : `the one that is pinned is ${tag}`
        ctx.report({ message: 'other', at: uses.node, data: { version: written.version, repository: uses.repository, advice }, fix: { kind: 'uses', uses, wish: 'comment' }, identity: uses.name.toLowerCase() })
      },
    }

    function tagsOf(repository: string, commit: string): readonly string[] {
      const request = { kind: 'commit', repository, commit } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      return answer?.status === 'known' ? answer.value.tags : []
    }

    /** A name that moves, such as v4, may have pointed to the pin before: only where its tags are known does it prove anything. */
    function pointsElsewhere({ repository, ref: commit }: Uses, version: string): boolean {
      const request = { kind: 'ref', repository, ref: version } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      if (answer?.status !== 'known' || answer.value.commit === commit?.toLowerCase()) return false
      return version.split('.').length === 3 || tagsOf(repository, commit ?? '').length > 0
    }
  },
})
