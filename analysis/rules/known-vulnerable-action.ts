// Finds actions whose version in use has a published advisory. Leaves out advisories that the policy accepts with a reason, and
// versions that nobody can name: branches, and commits without a tag and without a version comment.
import type { Advisory } from '../fact.ts'
import type { Severity } from '../finding.ts'
import type { Uses } from '../workflow/uses.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { advisoriesOf } from '../fixes/known-advisories.ts'
import { runningVersion } from '../workflow/running-version.ts'
import { defineRule } from './rule.ts'

const GRADES: readonly Advisory['severity'][] = ['low', 'medium', 'high', 'critical']

export const knownVulnerableAction = defineRule({
  meta: {
    id: 'known-vulnerable-action',
    summary: 'Never use a version of an action that has a published advisory',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['known-vulnerable-actions'],
      poutine: ['known_vulnerability_in_build_component'],
      octoscan: ['known-vulnerability'],
      codeql: ['UseOfKnownVulnerableAction'],
      scorecard: ['Vulnerabilities'],
    },
    messages: {
      fixed: "'{uses}' is version {version}, which has published advisories ({ids}); {fixedIn} is the first without them",
      open: "'{uses}' is version {version}, which has published advisories ({ids}), and no release is without them; use another action",
    },
  },
  create(ctx) {
    return {
      uses(uses) {
        if (uses.form !== 'repository') return
        const found = advisoriesFor(uses)
        const [worst] = found
        if (worst === undefined) return
        const fixedIn = firstWithout(found.map(({ advisory }) => advisory))
        ctx.want({ kind: 'releases', repository: uses.repository })
        ctx.report({
          message: fixedIn === null ? 'open' : 'fixed',
          at: uses.node,
          data: {
            uses: uses.text,
            version: worst.version,
            ids: found.map(({ advisory }) => advisory.id).join(', '),
            fixedIn: fixedIn ?? '',
          },
          severity: severityOf(worst.advisory),
          fix: { kind: 'uses', uses, wish: 'secure' },
          identity: uses.name.toLowerCase(),
        })
      },
    }

    /** The gravest first. The version is looked for only where there is something to compare it with. */
    function advisoriesFor(uses: Uses): readonly { readonly advisory: Advisory; readonly version: string }[] {
      const request = { kind: 'advisories', ecosystem: 'actions', package: uses.repository } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      if (answer?.status !== 'known' || answer.value.advisories.length === 0) return []
      const version = runningVersion(uses, ctx)
      if (version === null) return []
      return advisoriesOf(answer.value.advisories, version, ctx.policy)
        .map((advisory) => ({ advisory, version }))
        .sort((a, b) => GRADES.indexOf(b.advisory.severity) - GRADES.indexOf(a.advisory.severity))
    }
  },
})

/** Null when one of them is in every release. */
function firstWithout(advisories: readonly Advisory[]): string | null {
  let highest: string | null = null
  for (const { fixedIn } of advisories) {
    const [version, other] = [parseVersion(fixedIn), parseVersion(highest)]
    if (version === null) return null
    if (other === null || compareVersions(version, other) > 0) highest = fixedIn
  }
  return highest
}

const severityOf = ({ severity }: Advisory): Severity => (severity === 'critical' ? 'high' : severity)
