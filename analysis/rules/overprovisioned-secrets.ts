// Finds expressions that read every secret, or one whose name is computed: the runner then gets them all. Leaves out what
// names one secret.
import type { Expression } from '../syntax/expression.ts'
import { shorten } from '../shorten.ts'
import { contextAccesses } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

export const overprovisionedSecrets = defineRule({
  meta: {
    id: 'overprovisioned-secrets',
    summary: 'Read the one secret that is needed, by its name',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['overprovisioned-secrets'], poutine: ['job_all_secrets'], codeql: ['ExcessiveSecretsExposure'] },
    messages: {
      all: "'{expression}' sends every secret to the runner; read the one that is needed by its name",
      computed: "'{expression}' computes the name of a secret, so every secret is sent to the runner; name the one that is needed",
    },
  },
  create(ctx) {
    return {
      file(file) {
        if (!/secrets/i.test(file.text)) return
        for (const { spans } of expressionSites(file)) {
          for (const span of spans) {
            const read = span.root === null ? undefined : contextAccesses(span.root).find(({ path }) => path[0] === 'secrets' && (path.length === 1 || path[1] === '*'))
            if (read === undefined) continue
            ctx.report({ message: isComputed(read.node) ? 'computed' : 'all', at: span, data: { expression: shorten(span.text) } })
          }
        }
      },
    }
  },
})

/** Whether the property of `secrets` is computed; a star takes them all. */
function isComputed(node: Expression): boolean {
  let at = node
  while (at.kind === 'access' && at.object.kind === 'access') at = at.object
  return at.kind === 'access' && at.index !== null
}
