// What can be wrong with an expression, as the rules report it: each kind is one rule, each message one of its messages.
import type { Range } from '../rules/rule.ts'

export type ProblemData = Readonly<Record<string, string | number>>

export type ExpressionProblem = Range &
  (
    | { readonly kind: 'expression-syntax'; readonly message: 'refused' | 'unclosed'; readonly data: ProblemData }
    | { readonly kind: 'unknown-reference'; readonly message: 'context' | 'function' | 'name' | 'property' | 'scalar' | 'list'; readonly data: ProblemData }
    | { readonly kind: 'context-availability'; readonly message: 'context' | 'function' | 'nothing'; readonly data: ProblemData }
    | {
        readonly kind: 'expression-type'
        readonly message: 'arguments' | 'pairs' | 'argument' | 'json' | 'placeholder' | 'unused' | 'format' | 'compare' | 'order' | 'text' | 'key'
        readonly data: ProblemData
      }
  )
