// A Dependabot configuration: which ecosystems it watches, where, how often.
import type { MappingNode, ScalarNode, YamlNode } from '../source/node.ts'
import type { PipelineFile } from './pipeline-file.ts'
import { asMapping, asScalar, asSequence, lookup, scalarsOf } from './nodes.ts'

export interface DependabotUpdate {
  readonly node: MappingNode
  readonly ecosystem: ScalarNode | null
  /** `directory`, or each of `directories`. */
  readonly directories: readonly ScalarNode[]
  readonly schedule: MappingNode | null
  readonly cooldown: MappingNode | null
}

export interface DependabotConfig {
  readonly file: PipelineFile
  readonly node: MappingNode
  readonly version: YamlNode | null
  readonly updates: readonly DependabotUpdate[]
}

export function readDependabotConfig(file: PipelineFile, node: MappingNode): DependabotConfig {
  const updates: DependabotUpdate[] = []
  for (const item of asSequence(lookup(node, 'updates'))?.items ?? []) {
    const update = asMapping(item)
    if (update === null) continue
    updates.push({
      node: update,
      ecosystem: asScalar(lookup(update, 'package-ecosystem')),
      directories: scalarsOf(lookup(update, 'directories') ?? lookup(update, 'directory')),
      schedule: asMapping(lookup(update, 'schedule')),
      cooldown: asMapping(lookup(update, 'cooldown')),
    })
  }
  return { file, node, version: lookup(node, 'version'), updates }
}
