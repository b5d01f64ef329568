// Finds conditions with characters outside their braces: they become text, and text is true. A block scalar's newline is such
// a character. Leaves out conditions without braces.
import type { EditsFix } from './rule.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { bareCondition } from '../fixes/bare-condition.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const alwaysTrueCondition = defineRule({
  meta: {
    id: 'always-true-condition',
    summary: 'Put a whole condition into one pair of braces, or into none',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: {
      zizmor: ['unsound-condition'],
      actionlint: ['if-cond'],
      poutine: ['if_always_true'],
      codeql: ['ExpressionIsAlwaysTrueCritical', 'ExpressionIsAlwaysTrueHigh'],
    },
    messages: {
      outside: 'this condition is always true: GitHub computes only what is inside the braces, the characters around them make it text; write it without braces',
      newline: "this condition is always true: the block's line break stands outside the braces and makes it text; use '{header}' or drop the braces",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const site of expressionSites(file)) {
          const { scalar } = site
          if (!site.isCondition || site.isWhole || site.unclosed !== null || !hasExpression(scalar.text)) continue
          const isNewline = site.spans.length === 1 && isOnlyBreak(scalar.text)
          ctx.report({
            message: isNewline ? 'newline' : 'outside',
            at: { start: scalar.start, end: site.spans.at(-1)?.end ?? scalar.end },
            data: { header: scalar.style === 'folded' ? '>-' : '|-' },
            fix: fixFor(file, site),
          })
        }
      },
    }
  },
})

const isOnlyBreak = (text: string): boolean => text.startsWith('${{') && /\}\}\s*\n$/.test(text)

function fixFor(file: PipelineFile, site: ExpressionSite): EditsFix | null {
  const edits = bareCondition(file.text, site)
  return edits && { kind: 'edits', safety: 'unsafe', description: 'Make the condition one expression, so that it begins to decide', edits }
}
