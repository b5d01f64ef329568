// Finds pre-commit repositories that are fetched without encryption, so that anybody on the way can change the code of the hooks.
// Leaves out `local` and `meta`, which are no addresses, and ssh.
import type { ScalarNode } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { asMapping, asScalar, asSequence, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const SCHEME = /^(http|git):\/\/([^/:]+)/i
/** Hosts that answer https under the same address, as of 2026-11-24; each redirects http itself. */
const REDIRECTING = new Set(['github.com', 'www.github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org'])

export const insecureUrlScheme = defineRule({
  meta: {
    id: 'insecure-url-scheme',
    summary: 'Fetch pre-commit hooks over https',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['insecure-url-scheme'] },
    messages: { plain: "'{url}' is fetched without encryption, so anybody on the way can change the code of the hooks; use https" },
  },
  create(ctx) {
    if (ctx.file.kind !== 'pre-commit') return {}
    return {
      file({ tree, text }) {
        for (const item of asSequence(lookup(asMapping(tree.root), 'repos'))?.items ?? []) {
          const repo = asScalar(lookup(asMapping(item), 'repo'))
          const match = repo === null ? null : SCHEME.exec(repo.text)
          if (repo === null || match === null) continue
          ctx.report({ message: 'plain', at: repo, data: { url: repo.text }, fix: useHttps(repo, { text, scheme: match[1] ?? '', host: match[2] ?? '' }) })
        }
      },
    }
  },
})

function useHttps({ start }: ScalarNode, { text, scheme, host }: { text: string; scheme: string; host: string }): EditsFix | null {
  const at = text.startsWith(scheme, start) ? start : start + 1
  if (!text.startsWith(scheme, at)) return null
  const safety = REDIRECTING.has(host.toLowerCase()) ? 'safe' : 'unsafe'
  return { kind: 'edits', safety, description: 'Fetch it over https', edits: [{ start: at, end: at + scheme.length, text: 'https' }] }
}
