// The first argument of `format`: placeholders `{0}` with an argument behind each, doubled braces for real ones.
import type { CallExpression } from './expression.ts'
import type { ExpressionProblem } from './expression-problem.ts'

/** Problems of a literal format string; none for one that is computed. */
export function checkFormat({ args }: CallExpression): readonly ExpressionProblem[] {
  const [template, ...values] = args
  if (template?.kind !== 'literal' || typeof template.value !== 'string') return []
  const { start, end } = template
  const text = template.value
  const numbers = placeholdersOf(text)
  if (numbers === null) return [{ kind: 'expression-type', message: 'format', start, end, data: { text } }]
  const problems: ExpressionProblem[] = []
  for (const number of numbers) {
    if (number >= values.length) problems.push({ kind: 'expression-type', message: 'placeholder', start, end, data: { text, number, count: values.length } })
  }
  for (const [index, value] of values.entries()) {
    if (!numbers.has(index)) problems.push({ kind: 'expression-type', message: 'unused', start: value.start, end: value.end, data: { text, number: index } })
  }
  return problems
}

/** Null for a brace that is neither doubled nor part of a placeholder. */
function placeholdersOf(text: string): ReadonlySet<number> | null {
  const numbers = new Set<number>()
  const tokens = /\{\{|\}\}|\{(\d+)\}|[{}]/g
  for (const [token, number] of text.matchAll(tokens)) {
    if (number !== undefined) numbers.add(Number(number))
    else if (token.length === 1) return null
  }
  return numbers
}
