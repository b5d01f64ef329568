// A workflow file: triggers, permissions, jobs.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import type { Job } from './job.ts'
import type { Permissions } from './permissions.ts'
import type { PipelineFile } from './pipeline-file.ts'
import { readDefaultShell, readJob } from './job.ts'
import { asMapping, asScalar, findPair, lookup, resolve } from './nodes.ts'
import { readPermissions } from './permissions.ts'

export interface Trigger {
  readonly name: string
  /** Where its name stands. */
  readonly node: ScalarNode
  /** What is configured below it; null for the short forms. */
  readonly config: MappingNode | null
  /** The raw value below it in the map form (`schedule` has a list); null for the short forms. */
  readonly value: YamlNode | null
}

export interface Workflow {
  readonly file: PipelineFile
  readonly node: MappingNode
  readonly name: ScalarNode | null
  readonly onPair: Pair | null
  /** From the text, list or map form of `on`, in document order. */
  readonly triggers: readonly Trigger[]
  readonly permissions: Permissions | null
  readonly env: MappingNode | null
  readonly defaultShell: ScalarNode | null
  readonly concurrency: YamlNode | null
  readonly jobsPair: Pair | null
  /** In document order; entries that are no map are left out (the schema rules report them). */
  readonly jobs: readonly Job[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function readWorkflow(file: PipelineFile, node: MappingNode): Workflow {
  const workflow: Mutable<Workflow> = {
    file, node, name: asScalar(lookup(node, 'name')), onPair: findPair(node, 'on') ?? null, triggers: [],
    permissions: readPermissions(findPair(node, 'permissions')), env: asMapping(lookup(node, 'env')), defaultShell: null,
    concurrency: lookup(node, 'concurrency'), jobsPair: findPair(node, 'jobs') ?? null, jobs: [],
  }
  const defaults = findPair(node, 'defaults')
  if (defaults !== undefined) workflow.defaultShell = readDefaultShell(defaults.value)
  if (workflow.onPair !== null) workflow.triggers = readTriggers(workflow.onPair.value)
  const jobs: Job[] = []
  for (const pair of asMapping(workflow.jobsPair?.value)?.pairs ?? []) {
    const job = asMapping(pair.value)
    if (job !== null) jobs.push(readJob(workflow, pair, job))
  }
  workflow.jobs = jobs
  return workflow
}

function readTriggers(value: YamlNode): readonly Trigger[] {
  const node = resolve(value)
  if (node === null) return []
  switch (node.kind) {
    case 'scalar':
      return node.value === null ? [] : [{ name: node.text, node, config: null, value: null }]
    case 'sequence':
      return node.items.flatMap((item) => {
        const scalar = asScalar(item)
        return scalar === null ? [] : [{ name: scalar.text, node: scalar, config: null, value: null }]
      })
    case 'mapping':
      return node.pairs.map((pair) => ({ name: pair.key.text, node: pair.key, config: asMapping(pair.value), value: pair.value }))
  }
}
