// An action's metadata file (action.yml): what it runs on, its inputs and outputs, the steps of a composite one.
import type { MappingNode, Pair, ScalarNode } from '../source/node.ts'
import type { PipelineFile } from './pipeline-file.ts'
import type { Step } from './step.ts'
import { asMapping, asScalar, findPair, lookup } from './nodes.ts'
import { readSteps } from './step.ts'

export interface ActionField {
  readonly name: string
  readonly key: ScalarNode
  readonly node: MappingNode | null
}

export interface ActionMetadata {
  readonly file: PipelineFile
  readonly node: MappingNode
  readonly name: ScalarNode | null
  readonly description: ScalarNode | null
  readonly runsPair: Pair | null
  readonly runs: MappingNode | null
  /** `node24`, `composite`, `docker`. */
  readonly using: ScalarNode | null
  readonly main: ScalarNode | null
  readonly pre: ScalarNode | null
  readonly post: ScalarNode | null
  /** `Dockerfile` or `docker://image`. */
  readonly image: ScalarNode | null
  readonly inputs: readonly ActionField[]
  readonly outputs: readonly ActionField[]
  readonly branding: MappingNode | null
  /** Of a composite action, else empty. */
  readonly steps: readonly Step[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function readActionMetadata(file: PipelineFile, node: MappingNode): ActionMetadata {
  const runs = asMapping(lookup(node, 'runs'))
  const action: Mutable<ActionMetadata> = {
    file, node, runs,
    name: asScalar(lookup(node, 'name')),
    description: asScalar(lookup(node, 'description')),
    runsPair: findPair(node, 'runs') ?? null,
    using: asScalar(lookup(runs, 'using')),
    main: asScalar(lookup(runs, 'main')),
    pre: asScalar(lookup(runs, 'pre')),
    post: asScalar(lookup(runs, 'post')),
    image: asScalar(lookup(runs, 'image')),
    inputs: readFields(lookup(node, 'inputs')),
    outputs: readFields(lookup(node, 'outputs')),
    branding: asMapping(lookup(node, 'branding')),
    steps: [],
  }
  // GitHub refuses steps beside a program or an image: they never run.
  if (action.using === null || action.using.text === 'composite') action.steps = readSteps(lookup(runs, 'steps'), { file, job: null, action, parent: null })
  return action
}

const readFields = (node: ReturnType<typeof lookup>): readonly ActionField[] =>
  (asMapping(node)?.pairs ?? []).map(({ key, value }) => ({ name: key.text, key, node: asMapping(value) }))
