// Finds an enterprise server whose version has a published vulnerability in Actions. It is reported on the first line of the first
// workflow. Leaves out github.com, which nobody but GitHub can repair.
import type { Advisory } from '../fact.ts'
import { advisoriesOf } from '../fixes/known-advisories.ts'
import { defineRule } from './rule.ts'

const PACKAGE = 'github/enterprise-server'
/** The words of its summaries for what runs workflows, what these hold and what they leave behind; "Actions", not "an action". */
const ABOUT_ACTIONS = /\b(?:actions|workflows?|runners?|self-hosted|CI\/CD|GITHUB_TOKEN|OIDC|artifacts?|deployment environments?|environment secrets?|Dependabot)\b|\b(?:an?|GitHub) action\b/i

export const platformCve = defineRule({
  meta: {
    id: 'platform-cve',
    summary: 'Run Actions on a server without known vulnerabilities in it',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['known_vulnerability_in_build_platform'] },
    messages: { vulnerable: 'GitHub Enterprise Server {version} has the published advisory {id} in Actions: {summary}; {advice}' },
  },
  create(ctx) {
    if (ctx.host.kind !== 'ghes') return {}
    return {
      workflow({ file }) {
        if (file.path !== firstWorkflow()) return
        const version = serverVersion()
        if (version === null) return
        for (const { id, summary, severity, fixedIn } of advisories(version)) {
          ctx.report({
            message: 'vulnerable',
            at: { start: 0, end: file.lines.lineEnd(1) },
            data: { version, id, summary, advice: fixedIn === null ? 'no release repairs it yet' : `move to ${fixedIn}` },
            severity: severity === 'critical' ? 'high' : severity,
            identity: id,
          })
        }
      },
    }

    function firstWorkflow(): string | undefined {
      return ctx.repository.pathsMentioning('').filter((path) => ctx.repository.file(path)?.kind === 'workflow').sort()[0]
    }

    function serverVersion(): string | null {
      if (ctx.host.kind === 'ghes' && ctx.host.version !== null) return ctx.host.version
      ctx.want({ kind: 'host' })
      const answer = ctx.fact({ kind: 'host' })
      return answer?.status === 'known' && answer.value.name === 'ghes' ? answer.value.version : null
    }

    function advisories(version: string): readonly Advisory[] {
      const request = { kind: 'advisories', ecosystem: 'other', package: PACKAGE } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      return answer?.status === 'known' ? advisoriesOf(answer.value.advisories, version, ctx.policy).filter(({ summary }) => ABOUT_ACTIONS.test(summary)) : []
    }
  },
})
