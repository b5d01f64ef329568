// Finds secrets that are taken apart by `fromJSON`: the log hides the secret as a whole, not its parts. Leaves out secrets that
// are read whole, and the whole secrets context (overprovisioned-secrets).
import type { Expression } from '../syntax/expression.ts'
import { contextAccesses, walkExpression } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

export const unredactedSecret = defineRule({
  meta: {
    id: 'unredacted-secret',
    summary: 'Keep one value in one secret',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['unredacted-secrets'], codeql: ['UnmaskedSecretExposure'] },
    messages: { parts: "'{expression}' takes a secret apart, and the log does not hide its parts; keep each value in a secret of its own" },
  },
  create(ctx) {
    return {
      file(file) {
        if (!/fromjson/i.test(file.text)) return
        for (const { spans } of expressionSites(file)) {
          for (const span of spans) {
            for (const node of span.root === null ? [] : parsedSecrets(span.root)) {
              const at = { start: span.offsetOf(node.start), end: span.offsetOf(node.end) }
              ctx.report({ message: 'parts', at, data: { expression: span.text.slice(node.start, node.end) } })
            }
          }
        }
      },
    }
  },
})

function parsedSecrets(root: Expression): readonly Expression[] {
  const found: Expression[] = []
  walkExpression(root, (node) => {
    if (node.kind !== 'call' || node.name.toLowerCase() !== 'fromjson') return true
    const isRead = node.args.flatMap(contextAccesses).some(({ path }) => path[0] === 'secrets' && path.length > 1 && path[1] !== '*')
    if (isRead) found.push(node)
    return !isRead
  })
  return found
}
