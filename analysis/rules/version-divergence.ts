// Finds actions that this repository uses in several versions, where they are older than the newest one in use.
// Leaves out branches and bare commits, which have no order, and `v4` beside `v4.2`, which may be the same.
import type { FixSafety, TextEdit } from '../finding.ts'
import type { RefInUse } from '../workflow/refs-in-use.ts'
import type { Uses } from '../workflow/uses.ts'
import type { EditsFix, RuleContext } from './rule.ts'
import { compareVersions } from '../data/version.ts'
import { setVersionComment } from '../fixes/set-version-comment.ts'
import { isCommit } from '../workflow/commit.ts'
import { newestInUse, refInUse } from '../workflow/refs-in-use.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { defineRule } from './rule.ts'

export const versionDivergence = defineRule({
  meta: {
    id: 'version-divergence',
    summary: 'Use one version of an action in the whole repository',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { older: "'{repository}' is used at {label} here and at {newest} elsewhere in this repository; use one version" },
  },
  create(ctx) {
    return {
      uses(uses) {
        if (uses.form !== 'repository' || uses.ref === null) return
        const inUse = ctx.repository.refsInUse(uses.repository)
        if (inUse.length < 2) return
        const own = refInUse(uses.ref, versionComment(uses)?.version)
        const newest = newestInUse(inUse)
        if (newest === undefined || !isOlder(own, newest)) return
        ctx.report({
          message: 'older',
          at: uses.node,
          data: { repository: uses.repository, label: own.label, newest: newest.label },
          fix: useNewest(uses, newest, isSameCommit(uses, newest, ctx) ? 'safe' : 'unsafe'),
          identity: uses.name.toLowerCase(),
        })
      },
    }
  },
})

function isOlder({ version, label }: RefInUse, newest: RefInUse): boolean {
  const other = newest.version
  if (version === null || other === null || compareVersions(version, other) >= 0) return false
  const depth = Math.min(parts(label), parts(newest.label))
  return version.slice(0, depth).some((part, index) => part !== other[index])
}

const parts = (label: string): number => label.split('.').length

/** Asks nobody: the rules on refs have asked for the commits behind tags. */
function isSameCommit({ ref, repository }: Uses, newest: RefInUse, ctx: RuleContext<'older'>): boolean {
  const [own, other] = [ref ?? '', newest.ref].map((each) => {
    const answer = isCommit(each) ? undefined : ctx.fact({ kind: 'ref', repository, ref: each })
    return isCommit(each) ? each : answer?.status === 'known' ? answer.value.commit : null
  })
  return own !== null && own === other
}

function useNewest(uses: Uses, { ref, label }: RefInUse, safety: FixSafety): EditsFix | null {
  if (uses.refStart === -1) return null
  const edits: TextEdit[] = [{ start: uses.refStart, end: uses.refEnd, text: ref }]
  const comment = isCommit(ref) || versionComment(uses) !== null ? setVersionComment(uses, label) : null
  if (comment !== null) edits.push(comment)
  return { kind: 'edits', safety, description: `use ${label}, as elsewhere in this repository`, edits }
}
