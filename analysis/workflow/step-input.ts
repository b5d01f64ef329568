// The inputs of a step's action, by name as GitHub compares them: without case.
import type { Pair, ScalarNode } from '../source/node.ts'
import type { Step } from './step.ts'
import { asScalar } from './nodes.ts'

export function inputPair(step: Step, name: string): Pair | undefined {
  const wanted = name.toLowerCase()
  return step.with?.pairs.find(({ key }) => key.text.toLowerCase() === wanted)
}

/** The scalar given for the input; null where it is absent or no scalar. */
export function inputOf(step: Step, name: string): ScalarNode | null {
  const pair = inputPair(step, name)
  return pair === undefined ? null : asScalar(pair.value)
}
