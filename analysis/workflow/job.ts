// One job of a workflow: steps on a runner, or a call of another workflow.
import type { MappingNode, Pair, ScalarNode, YamlNode } from '../source/node.ts'
import type { Permissions } from './permissions.ts'
import type { RunsOn } from './runs-on.ts'
import type { Step } from './step.ts'
import type { Uses } from './uses.ts'
import type { Workflow } from './workflow.ts'
import { asMapping, asScalar, lookup, resolve, scalarsOf } from './nodes.ts'
import { readPermissions } from './permissions.ts'
import { readRunsOn } from './runs-on.ts'
import { readSteps } from './step.ts'
import { readUses } from './uses.ts'

/** A container or service: its image where that is a text. */
export interface JobImage {
  /** 'container' or the service's name. */
  readonly name: string
  readonly image: ScalarNode | null
  /** The map with `image`, `env`, `credentials`; null for the short form. */
  readonly node: MappingNode | null
}

export interface Job {
  readonly workflow: Workflow
  readonly id: string
  readonly key: ScalarNode
  readonly pair: Pair
  /** The job's map, aliases followed: written elsewhere when `isAlias`. */
  readonly node: MappingNode
  readonly isAlias: boolean
  readonly name: ScalarNode | null
  readonly runsOn: RunsOn | null
  readonly needs: readonly ScalarNode[]
  readonly condition: ScalarNode | null
  readonly timeoutMinutes: ScalarNode | null
  readonly permissions: Permissions | null
  readonly env: MappingNode | null
  readonly defaultShell: ScalarNode | null
  readonly concurrency: YamlNode | null
  readonly environment: YamlNode | null
  readonly strategy: MappingNode | null
  /** `strategy.matrix`: a map, or a scalar for an expression. */
  readonly matrix: MappingNode | ScalarNode | null
  readonly container: JobImage | null
  readonly services: readonly JobImage[]
  /** Steps at the top; nested ones are in their group's `steps` (everyStep flattens). */
  readonly steps: readonly Step[]
  readonly stepsPair: Pair | null
  /** The called workflow; its inputs are `with`, its secrets `secrets`. */
  readonly uses: Uses | null
  readonly with: MappingNode | null
  /** A map, or the scalar `inherit`. */
  readonly secrets: MappingNode | ScalarNode | null
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function readJob(workflow: Workflow, pair: Pair, node: MappingNode): Job {
  const job: Mutable<Job> = {
    workflow, id: pair.key.text, key: pair.key, pair, node, isAlias: pair.value.kind === 'alias',
    name: null, runsOn: null, needs: [], condition: null, timeoutMinutes: null, permissions: null, env: null, defaultShell: null,
    concurrency: null, environment: null, strategy: null, matrix: null, container: null, services: [], steps: [], stepsPair: null,
    uses: null, with: null, secrets: null,
  }
  for (const field of node.pairs) readField(job, field)
  // After the loop: the labels of `runs-on` may come from the matrix, whichever is written first.
  const runsOn = node.pairs.find((field) => field.key.text === 'runs-on')
  if (runsOn !== undefined) job.runsOn = readRunsOn(runsOn, asMapping(job.matrix))
  return job
}

function readField(job: Mutable<Job>, pair: Pair): void {
  switch (pair.key.text) {
    case 'name': job.name = asScalar(pair.value); break
    case 'needs': job.needs = scalarsOf(pair.value); break
    case 'if': job.condition = asScalar(pair.value); break
    case 'timeout-minutes': job.timeoutMinutes = asScalar(pair.value); break
    case 'permissions': job.permissions = readPermissions(pair); break
    case 'env': job.env = asMapping(pair.value); break
    case 'defaults': job.defaultShell = readDefaultShell(pair.value); break
    case 'concurrency': job.concurrency = resolve(pair.value); break
    case 'environment': job.environment = resolve(pair.value); break
    case 'strategy': {
      job.strategy = asMapping(pair.value)
      const matrix = lookup(job.strategy, 'matrix')
      job.matrix = matrix?.kind === 'sequence' ? null : matrix
      break
    }
    case 'container': job.container = readImage('container', pair.value); break
    case 'services':
      job.services = (asMapping(pair.value)?.pairs ?? []).map(({ key, value }) => readImage(key.text, value))
      break
    case 'steps':
      job.stepsPair = pair
      job.steps = readSteps(pair.value, { file: job.workflow.file, job, action: null, parent: null })
      break
    case 'uses': job.uses = readUses(pair, { file: job.workflow.file, step: null, job }); break
    case 'with': job.with = asMapping(pair.value); break
    case 'secrets': {
      const secrets = resolve(pair.value)
      job.secrets = secrets?.kind === 'sequence' ? null : secrets
      break
    }
  }
}

function readImage(name: string, value: YamlNode): JobImage {
  const node = asMapping(value)
  return { name, node, image: node === null ? asScalar(value) : asScalar(lookup(node, 'image')) }
}

/** `defaults.run.shell` below a `defaults` value. */
export function readDefaultShell(defaults: YamlNode): ScalarNode | null {
  return asScalar(lookup(asMapping(lookup(asMapping(defaults), 'run')), 'shell'))
}
