// Finds actions at a major version that has been followed by a newer one for at least a week.
// Leaves out what the rules on runtimes report, branches, and actions of which nobody said what their newest version is.
import type { Uses } from '../workflow/uses.ts'
import { livingVersions } from '../data/living-versions.ts'
import { daysBetween, runtimeState } from '../data/runtimes.ts'
import { usedVersion } from '../data/used-version.ts'
import { parseVersion } from '../data/version.ts'
import { isShown } from '../policy/policy.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { defineRule } from './rule.ts'

/** A younger major is not news yet. */
const MIN_AGE_DAYS = 7

export const outdatedMajor = defineRule({
  meta: {
    id: 'outdated-major',
    summary: 'Move actions to their newest major version',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: {},
    messages: { behind: "'{uses}' is at {used}; {newest} is the newest major version" },
  },
  create(ctx) {
    // What nobody is shown is not worth a question to the code host.
    if (!isShown({ id: 'outdated-major', profile: 'pedantic' }, ctx.policy)) return {}
    return {
      uses(uses) {
        if (uses.form !== 'repository' || uses.place !== 'step') return
        const used = usedVersion(uses)
        if (used === null) {
          reportUnlisted(uses)
          return
        }
        const { state } = runtimeState(used.version.runtime, ctx)
        if (state !== 'living' && state !== 'unknown') return
        const own = parseVersion(used.version.label) ?? parseVersion(used.version.tag)
        const newest = livingVersions(uses.name, ctx).find(({ date }) => date !== null && daysBetween(date, ctx.today) >= MIN_AGE_DAYS)
        const number = parseVersion(newest?.label ?? null)
        if (own === null || newest === undefined || number === null || number[0] <= own[0]) return
        ctx.want({ kind: 'releases', repository: uses.repository })
        ctx.report({
          message: 'behind',
          at: uses.node,
          data: { uses: uses.name, used: used.version.label, newest: newest.label },
          fix: { kind: 'uses', uses, wish: 'upgrade' },
          identity: uses.name.toLowerCase(),
        })
      },
    }

    /** Only the code host knows; the ref must be an action's own version, not one of a folder's. */
    function reportUnlisted(uses: Uses): void {
      const own = parseVersion(uses.isPinned ? (versionComment(uses)?.version ?? null) : uses.ref)
      if (own === null || own[0] === 0) return
      const request = { kind: 'releases', repository: uses.repository } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      if (answer?.status !== 'known') return
      const major = answer.value.releases.reduce((highest, { tag, publishedAt, prerelease }) => {
        const number = prerelease || daysBetween(publishedAt.slice(0, 10), ctx.today) < MIN_AGE_DAYS ? null : parseVersion(tag)
        return Math.max(highest, number?.[0] ?? 0)
      }, 0)
      if (major > own[0]) ctx.report({ message: 'behind', at: uses.node, data: { uses: uses.name, used: `v${own[0]}`, newest: `v${major}` }, identity: uses.name.toLowerCase() })
    }
  },
})
