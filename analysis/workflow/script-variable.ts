// Where the value of a variable comes from that a script reads: what the script itself gives it, as far as that is plain to see,
// else its environment.
import type { Origin } from './value-origin.ts'
import type { Repository } from './repository.ts'
import type { ScalarNode } from '../source/node.ts'
import type { Step } from './step.ts'
import { computedValueOf } from './computed-value.ts'
import { variableSourcesOf, workspaceOrigin } from './value-origin.ts'

export function scriptVariableOrigins(step: Step, name: string, repository: Repository): readonly Origin[] {
  const assigned = assignmentsIn(step.run).get(name)
  if (assigned === undefined) return variableSourcesOf(name, { step, job: step.job }, repository)
  const { workspace } = computedValueOf(assigned, () => [])
  if (workspace !== null) return [workspaceOrigin(workspace, step)]
  const other = /^["']?\$\{?(\w+)\}?["']?\s*$/.exec(assigned)?.[1]
  return other === undefined || other === name ? [] : variableSourcesOf(other, { step, job: step.job }, repository)
}

const ASSIGNMENT = /(?:^|[;&\s])(?:for\s+([A-Za-z_]\w*)\s+in\b|read\s([^\n;]{1,200})|([A-Za-z_]\w*)=(?=([^\n;]{0,1000})))/g
const NONE: ReadonlyMap<string, string> = new Map()
const known = new WeakMap<ScalarNode, ReadonlyMap<string, string>>()

/** What the script gives its variables last; '' where that is no plain text. */
function assignmentsIn(script: ScalarNode | null): ReadonlyMap<string, string> {
  if (script === null) return NONE
  let found = known.get(script)
  if (found === undefined) {
    const values = new Map<string, string>()
    for (const [, item, names, name = '', value = ''] of script.text.matchAll(ASSIGNMENT)) {
      if (item !== undefined) values.set(item, '')
      else if (names !== undefined) for (const word of names.match(/[A-Za-z_]\w*/g) ?? []) values.set(word, '')
      else values.set(name, value)
    }
    known.set(script, (found = values))
  }
  return found
}
