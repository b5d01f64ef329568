// One step: a run, an action, or a group of steps (`parallel:`); of a job or of a composite action.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import type { ActionMetadata } from './action-metadata.ts'
import type { Job } from './job.ts'
import type { PipelineFile } from './pipeline-file.ts'
import { asMapping, asScalar, asSequence } from './nodes.ts'
import { readUses } from './uses.ts'
import type { Uses } from './uses.ts'

export interface Step {
  readonly file: PipelineFile
  /** The job it belongs to; null in a composite action. */
  readonly job: Job | null
  /** The composite action it belongs to; null in a job. */
  readonly action: ActionMetadata | null
  /** The group it stands in; null at the top. */
  readonly parent: Step | null
  /** Place in its list, from 0. */
  readonly index: number
  readonly node: MappingNode
  readonly id: ScalarNode | null
  readonly name: ScalarNode | null
  readonly uses: Uses | null
  readonly run: ScalarNode | null
  readonly shell: ScalarNode | null
  readonly condition: ScalarNode | null
  readonly workingDirectory: ScalarNode | null
  readonly with: MappingNode | null
  readonly env: MappingNode | null
  readonly continueOnError: ScalarNode | null
  readonly timeoutMinutes: ScalarNode | null
  readonly background: ScalarNode | null
  /** `wait`, `wait-all` or `cancel`: the pair as written. */
  readonly control: Pair | null
  /** Steps of a `parallel:` group, else empty. */
  readonly steps: readonly Step[]
}

export interface StepPlace {
  readonly file: PipelineFile
  readonly job: Job | null
  readonly action: ActionMetadata | null
  readonly parent: Step | null
}

/** Reads a list of steps. What an alias names again is the same Step object, so nothing is read twice however often it is named. */
export function readSteps(node: YamlNode | undefined | null, place: StepPlace): readonly Step[] {
  const list = asSequence(node)
  if (list === null) return []
  const { shared } = place.file
  const known = list.anchor === null ? undefined : shared.lists.get(list)
  if (known !== undefined) return known
  const steps: Step[] = []
  if (list.anchor !== null) shared.lists.set(list, steps)
  for (const [index, item] of list.items.entries()) {
    const mapping = asMapping(item)
    if (mapping === null) continue
    const step = (mapping.anchor === null ? undefined : shared.steps.get(mapping)) ?? readStep(mapping, index, place)
    steps.push(step)
  }
  return steps
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function readStep(node: MappingNode, index: number, place: StepPlace): Step {
  // Fields one by one: a spread here costs as much as the parse.
  const step: Mutable<Step> = {
    file: place.file, job: place.job, action: place.action, parent: place.parent, index, node,
    id: null, name: null, uses: null, run: null, shell: null, condition: null, workingDirectory: null, with: null, env: null,
    continueOnError: null, timeoutMinutes: null, background: null, control: null, steps: [],
  }
  if (node.anchor !== null) place.file.shared.steps.set(node, step)
  for (const pair of node.pairs) {
    switch (pair.key.text) {
      case 'id': step.id = asScalar(pair.value); break
      case 'name': step.name = asScalar(pair.value); break
      case 'uses': step.uses = readUses(pair, { file: place.file, step, job: place.job }); break
      case 'run': step.run = asScalar(pair.value); break
      case 'shell': step.shell = asScalar(pair.value); break
      case 'if': step.condition = asScalar(pair.value); break
      case 'working-directory': step.workingDirectory = asScalar(pair.value); break
      case 'with': step.with = asMapping(pair.value); break
      case 'env': step.env = asMapping(pair.value); break
      case 'continue-on-error': step.continueOnError = asScalar(pair.value); break
      case 'timeout-minutes': step.timeoutMinutes = asScalar(pair.value); break
      case 'background': step.background = asScalar(pair.value); break
      case 'wait': case 'wait-all': case 'cancel': step.control = pair; break
      case 'parallel': step.steps = readSteps(pair.value, { ...place, parent: step }); break
    }
  }
  return step
}

/** Every step of a list once, in document order, those of nested groups after their group. */
export function everyStep(steps: readonly Step[]): readonly Step[] {
  if (!steps.some((step) => step.steps.length > 0 || step.node.anchor !== null)) return steps
  const seen = new Set<Step>()
  const visit = (list: readonly Step[]): void => {
    for (const step of list) {
      if (seen.has(step)) continue
      seen.add(step)
      visit(step.steps)
    }
  }
  visit(steps)
  return [...seen]
}

/** Of every step those that do something: groups and waiting are none. */
export const workingSteps = (steps: readonly Step[]): readonly Step[] => everyStep(steps).filter((step) => step.run !== null || step.uses !== null)

/** Every step, nested ones included, that begins behind this one in the same job or composite action. */
export function stepsAfter(step: Step): readonly Step[] {
  return everyStep(step.job?.steps ?? step.action?.steps ?? []).filter(({ node }) => node.start > step.node.start)
}
