// Finds types that cannot work: arguments, their number, placeholders of format, broken literal JSON, operands that nothing
// compares, objects and lists pasted into text, results that the key refuses. Leaves out values known only at run time.
import { expressionProblemsOf } from '../syntax/expression-problems.ts'
import { defineRule } from './rule.ts'

export const expressionType = defineRule({
  meta: {
    id: 'expression-type',
    summary: 'Give functions, operators and keys values of a kind they can use',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['expression'] },
    messages: {
      arguments: { text: "{name} takes {wanted} and gets {count}", severity: 'high' },
      pairs: { text: 'case takes pairs of condition and value and then a default, so an odd number of arguments, not {count}', severity: 'high' },
      argument: "'{argument}' is {kind}; {name} needs {wanted} there",
      json: { text: "fromJSON fails on {text}: {reason}", severity: 'high' },
      format: { text: "the format string '{text}' has a brace that is neither doubled nor part of a placeholder such as {0}", severity: 'high' },
      placeholder: { text: "the format string '{text}' asks for value {number}, counted from 0, and gets {count}", severity: 'high' },
      unused: { text: "value {number}, counted from 0, has no placeholder in the format string '{text}'", severity: 'low' },
      compare: "'{left}' is {leftKind} and '{right}' is {rightKind}: the two are never equal",
      order: "'{left}' is {leftKind} and '{right}' is {rightKind}: {operator} orders numbers and text only",
      text: "'{expression}' is {found} and becomes no useful text; read a value inside it, or use toJSON or join",
      key: { text: "'{expression}' is {found}; this key needs {wanted}", severity: 'high' },
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of expressionProblemsOf('expression-type', file, ctx.repository)) ctx.report({ message: problem.message, at: problem, data: problem.data })
      },
    }
  },
})
