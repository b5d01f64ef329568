// Finds conditions made of literals and pure functions only: they never change. Leaves out status functions and hashFiles, and
// conditions that text outside their braces makes true (always-true-condition).
import type { EditsFix } from './rule.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { Expression } from '../syntax/expression.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { constantOf, isTruthy } from '../syntax/constant-value.ts'
import { childrenOf } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

export const constantCondition = defineRule({
  meta: {
    id: 'constant-condition',
    summary: 'Write no condition that never changes',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: { actionlint: ['if-cond'] },
    messages: {
      always: "the condition '{condition}' is always true; remove it",
      never: "the condition '{condition}' is never true, so what it guards never runs; remove both, or read what should decide",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const site of expressionSites(file)) {
          if (!site.isCondition || !site.isWhole) continue
          const [span] = site.spans
          const constant = span?.root && isLiteral(span.root) ? constantOf(span.root) : null
          if (!span || !constant) continue
          const isTrue = isTruthy(constant.value)
          ctx.report({ message: isTrue ? 'always' : 'never', at: span, data: { condition: span.text.trim().replace(/\s+/g, ' ') }, fix: isTrue ? removal(file, site) : null })
        }
      },
    }
  },
})

/** `false && github.ref` reads nothing either, but says what to read once the literal is gone. */
function isLiteral(root: Expression): boolean {
  const open: Expression[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    // A chain is as constant as its links; asking for each of its parts would be quadratic.
    if (node.kind !== 'binary' && constantOf(node) === null) return false
    open.push(...childrenOf(node))
  }
  return true
}

/** A step or job without a condition runs exactly when one with a true condition does: after success. */
function removal(file: PipelineFile, { scalar, step, job }: ExpressionSite): EditsFix | null {
  const map = step?.node ?? job?.node
  const pair = map?.pairs.find(({ value }) => value === scalar)
  if (!map || !pair) return null
  const edit = removeLine(file, map, pair)
  return edit && { kind: 'edits', safety: 'safe', description: 'Remove the condition, which is always true', edits: [edit] }
}
