// The steps of a job or composite action by id, and what they write to the environment of later steps, read once.
import type { ScriptWrite } from './script-writes.ts'
import type { ActionMetadata } from './action-metadata.ts'
import type { Job } from './job.ts'
import type { Step } from './step.ts'
import { writesOf } from './script-writes.ts'
import { everyStep } from './step.ts'

export interface EnvironmentWrite {
  readonly step: Step
  readonly write: ScriptWrite
}

export interface StepIndex {
  /** By id in lower case; the first of a name. */
  readonly byId: ReadonlyMap<string, Step>
  /** By variable in lower case, in document order. */
  readonly environment: ReadonlyMap<string, readonly EnvironmentWrite[]>
}

const EMPTY: StepIndex = { byId: new Map(), environment: new Map() }
const known = new WeakMap<Job | ActionMetadata, StepIndex>()

/** The index of whatever the step belongs to, or of a job. */
export function stepIndexOf(owner: Job | ActionMetadata | null): StepIndex {
  if (owner === null) return EMPTY
  let index = known.get(owner)
  if (index === undefined) known.set(owner, (index = build(owner.steps)))
  return index
}

function build(steps: readonly Step[]): StepIndex {
  const byId = new Map<string, Step>()
  const environment = new Map<string, EnvironmentWrite[]>()
  for (const step of everyStep(steps)) {
    const id = step.id?.text.toLowerCase()
    if (id !== undefined && !byId.has(id)) byId.set(id, step)
    if (step.run === null) continue
    for (const write of writesOf(step.file.text, step.run)) {
      if (write.target !== 'env') continue
      const name = write.name.toLowerCase()
      const writes = environment.get(name)
      if (writes === undefined) environment.set(name, [{ step, write }])
      else writes.push({ step, write })
    }
  }
  return { byId, environment }
}
