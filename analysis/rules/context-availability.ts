// Finds contexts and status functions at keys where GitHub does not offer them, and expressions where it evaluates none.
// Leaves out names that exist nowhere (unknown-reference) and the value of `uses` (uses-format).
import { expressionProblemsOf } from '../syntax/expression-problems.ts'
import { defineRule } from './rule.ts'

export const contextAvailability = defineRule({
  meta: {
    id: 'context-availability',
    summary: 'Use contexts and functions where GitHub offers them',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['expression'] },
    messages: {
      context: "the context '{name}' is not offered here; this key may read {offered}",
      function: "the function '{name}' is not offered here{instead}",
      nothing: "'{expression}' stands at a key that takes no expressions; write the value out",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of expressionProblemsOf('context-availability', file, ctx.repository)) ctx.report({ message: problem.message, at: problem, data: problem.data })
      },
    }
  },
})
