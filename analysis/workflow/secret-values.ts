// The secrets that a step's script can name: as variables of its environment, and as expressions in its text. Leaves out
// what only tells whether a secret is set.
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { Step } from './step.ts'
import { environmentsOf } from '../permissions/token-access.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { asScalar } from './nodes.ts'
import { outgoingPaths } from './outgoing-paths.ts'

/** Variables of the step's environment whose value holds a secret, by name. */
export function secretVariables(step: Step): ReadonlySet<string> {
  const names = new Map<string, boolean>()
  for (const { key, value } of environmentsOf(step).flatMap(({ pairs }) => pairs)) {
    const scalar = asScalar(value)
    // The nearest level wins.
    if (!names.has(key.text)) names.set(key.text, scalar !== null && expressionsIn(step.file.text, scalar).some(isSecret))
  }
  return new Set([...names].flatMap(([name, isOne]) => (isOne ? [name] : [])))
}

/** Whether a secret, or the token of the job, comes out of the expression. */
export function isSecret({ root }: ExpressionSpan): boolean {
  return root !== null && outgoingPaths(root).some(({ path }) => path[0] === 'secrets' || (path[0] === 'github' && path[1] === 'token'))
}
