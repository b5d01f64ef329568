// The domain of an input by its declaration in the workflow or action where it is read.
import type { MappingNode } from '../source/node.ts'
import type { Scope } from './value-origin.ts'
import { asMapping, asScalar, lookup } from './nodes.ts'

const FIXED_TYPES: ReadonlySet<string> = new Set(['boolean', 'number', 'choice', 'environment'])
const TRIGGERS: ReadonlySet<string> = new Set(['workflow_dispatch', 'workflow_call'])

/** What `inputs.NAME` (in lower case) may be: any text, one of a fixed domain, or nothing that the file declares. */
export function inputKind(name: string, { step, job }: Scope): 'input' | 'fixed' | 'undeclared' {
  const action = step?.action
  if (action) return action.inputs.some((input) => input.name.toLowerCase() === name) ? 'input' : 'undeclared'
  const declared = (job?.workflow.triggers ?? []).flatMap(({ name: trigger, config }) =>
    TRIGGERS.has(trigger) ? [declaration(asMapping(lookup(config, 'inputs')), name)] : [])
  const types = declared.filter((type) => type !== null)
  if (types.length === 0) return 'undeclared'
  return types.every((type) => FIXED_TYPES.has(type)) ? 'fixed' : 'input'
}

/** The declared type, 'string' without one; null when it is not declared. */
function declaration(inputs: MappingNode | null, name: string): string | null {
  const pair = inputs?.pairs.find(({ key }) => key.text.toLowerCase() === name)
  return pair === undefined ? null : (asScalar(lookup(asMapping(pair.value), 'type'))?.text ?? 'string')
}
