// The inputs of a step whose text a language model reads. Leaves out prompts that stand in files.
import type { ScalarNode } from '../source/node.ts'
import type { Step } from './step.ts'
import { modelAction } from '../data/model-actions.ts'
import { asScalar } from './nodes.ts'

/** In the order of the file; empty for a step whose action asks no model. */
export function promptsOf({ uses, with: inputs }: Step): readonly ScalarNode[] {
  const prompts = uses === null ? undefined : modelAction(uses.name)?.prompts
  if (prompts === undefined) return []
  return (inputs?.pairs ?? []).flatMap(({ key, value }) => (prompts.includes(key.text.toLowerCase()) ? (asScalar(value) ?? []) : []))
}
