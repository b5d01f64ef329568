// Finds text inside the braces, or in a bare condition, that GitHub's expression grammar refuses, and braces never closed.
// Leaves out names and types: unknown-reference, context-availability and expression-type judge those.
import { expressionProblemsOf } from '../syntax/expression-problems.ts'
import { defineRule } from './rule.ts'

export const expressionSyntax = defineRule({
  meta: {
    id: 'expression-syntax',
    summary: "Write expressions in GitHub's grammar",
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['expression'] },
    messages: {
      refused: "'{text}' is no expression: {reason}",
      unclosed: "'{text}' opens an expression that is never closed; end it with }} behind the last quote",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of expressionProblemsOf('expression-syntax', file, ctx.repository)) ctx.report({ message: problem.message, at: problem, data: problem.data })
      },
    }
  },
})
