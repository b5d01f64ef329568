// The `steps` context: the steps with an id that stand before a place, or all of them after the last step.
import type { ActionMetadata } from '../workflow/action-metadata.ts'
import type { Job } from '../workflow/job.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Repository } from '../workflow/repository.ts'
import type { SitePlace } from './expression-sites.ts'
import type { Step } from '../workflow/step.ts'
import { everyStep } from '../workflow/step.ts'
import { stepOutputs } from './context-outputs.ts'
import { ANY, STRING, objectOf, type ValueType } from './value-type.ts'

interface Order {
  readonly places: ReadonlyMap<Step, number>
  /** By id in lower case. */
  readonly byId: ReadonlyMap<string, { readonly name: string; readonly place: number; type: ValueType | null; readonly step: Step }>
}

/** Answers for the places of one file; each list of steps is put in order once. */
export function createStepTypes(file: PipelineFile, repository: Repository): (place: SitePlace) => ValueType {
  const orders = new Map<Job | ActionMetadata, Order>()

  function orderOf(owner: Job | ActionMetadata): Order {
    let order = orders.get(owner)
    if (!order) orders.set(owner, (order = readOrder(owner.steps)))
    return order
  }

  return ({ job, step }) => {
    const owner = job ?? file.action
    if (!owner) return ANY
    const { places, byId } = orderOf(owner)
    const here = step ? (places.get(step) ?? Infinity) : Infinity
    return {
      kind: 'object', rest: null, noun: step ? 'step before this one' : 'step',
      names: () => [...byId.values()].filter(({ place }) => place < here).map(({ name }) => name),
      get(name) {
        const found = byId.get(name)
        return found && found.place < here ? (found.type ??= stepType(found.step, repository)) : undefined
      },
    }
  }
}

function readOrder(steps: readonly Step[]): Order {
  const places = new Map<Step, number>()
  const byId = new Map<string, { name: string; place: number; type: null; step: Step }>()
  for (const [place, step] of everyStep(steps).entries()) {
    places.set(step, place)
    const name = step.id?.text ?? ''
    if (name !== '' && !byId.has(name.toLowerCase())) byId.set(name.toLowerCase(), { name, place, type: null, step })
  }
  return { places, byId }
}

function stepType(step: Step, repository: Repository): ValueType {
  return objectOf(new Map<string, ValueType>([['outcome', STRING], ['conclusion', STRING], ['outputs', stepOutputs(step, repository)]]), { noun: 'property of a step' })
}
