// The types of the contexts at a place: what steps, jobs, inputs, secrets and matrix keys exist there. What another file
// declares is context-outputs.ts; payloads of events, variables and the outputs of scripts stay open.
import type { Job } from '../workflow/job.ts'
import type { MappingNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Repository } from '../workflow/repository.ts'
import type { SitePlace } from './expression-sites.ts'
import data from '../data/context-properties.json' with { type: 'json' }
import { asMapping, asScalar, lookup } from '../workflow/nodes.ts'
import { jobOutputs } from './context-outputs.ts'
import { createMatrixTypes } from './matrix-type.ts'
import { createStepTypes } from './steps-type.ts'
import { ANY, BOOLEAN, NUMBER, STRING, either, mapOf, objectOf, type ObjectType, type ValueType } from './value-type.ts'

/** Every context, in lower case. */
export const CONTEXT_NAMES: readonly string[] = ['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix', 'needs', 'inputs']

export interface ContextTypes {
  /** `name` in lower case. */
  typeOf(name: string, place: SitePlace): ValueType
}

type Kinds = Readonly<Partial<Record<'string' | 'boolean' | 'number' | 'undocumented', readonly string[]>>>

const STRINGS = mapOf(STRING)
const ENV = mapOf(STRING, 'variable')
const RUNNER = objectOf(propertiesOf(data.runner), { noun: 'property of runner' })
const STRATEGY = objectOf(propertiesOf(data.strategy), { noun: 'property of strategy' })
const CONTAINER: [string, ValueType][] = [['id', STRING], ['network', STRING]]
const SERVICE = objectOf(new Map<string, ValueType>([...CONTAINER, ['ports', STRINGS]]), { noun: 'property of a service' })
const JOB = objectOf(
  new Map<string, ValueType>([...propertiesOf(data.job), ['container', objectOf(new Map(CONTAINER), { noun: 'property of a container' })], ['services', mapOf(SERVICE)]]),
  { noun: 'property of job' },
)
const GITHUB = propertiesOf(data.github)

/** One object for a file: what the whole file or a job shares is made once. */
export function createContextTypes(file: PipelineFile, repository: Repository): ContextTypes {
  const stepsType = createStepTypes(file, repository)
  const matrixType = createMatrixTypes(file)
  const needs = new Map<Job, ValueType>()
  const whole = new Map<string, ValueType>()
  let order: ReadonlyMap<string, number> | null = null

  function once<K>(types: Map<K, ValueType>, key: K, make: () => ValueType): ValueType {
    let type = types.get(key)
    if (!type) types.set(key, (type = make()))
    return type
  }

  return {
    typeOf(name, place) {
      const { job, input } = place
      switch (name) {
        case 'github': return once(whole, name, () => githubType(file))
        case 'inputs': {
          const all = once(whole, name, () => objectOf(inputTypes(file), { noun: 'input' }))
          if (input === null || all.kind !== 'object') return all
          order ??= new Map(all.names().map((other, index) => [other.toLowerCase(), index]))
          return before(all, order, input)
        }
        case 'secrets': return once(whole, name, () => secretsType(file))
        case 'needs': return job ? once(needs, job, () => needsType(job, repository)) : ANY
        case 'jobs': return once(whole, name, () => jobsType(file, repository))
        case 'matrix': return matrixType(job)
        case 'steps': return stepsType(place)
        case 'env': case 'vars': return ENV
        case 'runner': return RUNNER
        case 'strategy': return STRATEGY
        case 'job': return JOB
        default: return ANY
      }
    },
  }
}

function propertiesOf(kinds: Kinds): ReadonlyMap<string, ValueType> {
  const entries = (type: ValueType, names: readonly string[] = []): [string, ValueType][] => names.map((name) => [name, type])
  return new Map([...entries(STRING, kinds.string), ...entries(BOOLEAN, kinds.boolean), ...entries(NUMBER, kinds.number), ...entries(ANY, kinds.undocumented)])
}

/** The payload is open, but for the inputs of a run started by hand: a called workflow sees its caller's payload. */
function githubType({ workflow }: PipelineFile): ObjectType {
  const dispatch = configOf(workflow, 'workflow_dispatch')
  const isCalled = workflow === null || workflow.triggers.some(({ name }) => name === 'workflow_call')
  const declared = dispatch === undefined || isCalled ? null : (asMapping(lookup(dispatch, 'inputs'))?.pairs ?? [])
  const payload = new Map<string, ValueType>()
  if (declared) payload.set('inputs', objectOf(new Map(declared.map(({ key }) => [key.text, STRING])), { noun: 'input' }))
  return objectOf(new Map([...GITHUB, ['event', objectOf(payload, { noun: 'property', rest: ANY })]]), { noun: 'property of github' })
}

/** The map below a trigger; null when there is none, undefined without that trigger. */
function configOf(workflow: PipelineFile['workflow'], name: string): MappingNode | null | undefined {
  return workflow?.triggers.find((trigger) => trigger.name === name)?.config
}

function inputTypes({ workflow, action }: PipelineFile): ReadonlyMap<string, ValueType> {
  const types = new Map<string, ValueType>()
  for (const { name } of action?.inputs ?? []) types.set(name, STRING)
  for (const event of ['workflow_dispatch', 'workflow_call']) {
    for (const { key, value } of asMapping(lookup(configOf(workflow, event) ?? null, 'inputs'))?.pairs ?? []) {
      const type = declaredType(asScalar(lookup(asMapping(value), 'type'))?.text, event === 'workflow_call')
      const known = types.get(key.text)
      types.set(key.text, known ? either(known, type) : type)
    }
  }
  return types
}

/** A called workflow's input has to say its type; one of a run started by hand is text by default. */
export function declaredType(word: string | undefined, isCall: boolean): ValueType {
  switch (word) {
    case 'boolean': return BOOLEAN
    case 'number': return NUMBER
    case 'string': case 'choice': case 'environment': return STRING
    default: return word === undefined && !isCall ? STRING : ANY
  }
}

/** A default is read when the inputs above it are known. */
function before(inputs: ObjectType, order: ReadonlyMap<string, number>, name: string): ObjectType {
  const here = order.get(name.toLowerCase()) ?? 0
  return {
    ...inputs, noun: 'input declared above',
    names: () => inputs.names().slice(0, here),
    get: (other) => ((order.get(other) ?? here) < here ? inputs.get(other) : undefined),
  }
}

/** Only a workflow that others call, and that names its secrets, says which ones there are. */
function secretsType({ workflow }: PipelineFile): ObjectType {
  const call = configOf(workflow, 'workflow_call')
  const declared = asMapping(lookup(call ?? null, 'secrets'))?.pairs ?? []
  if (workflow?.triggers.length !== 1 || declared.length === 0) return mapOf(STRING, 'secret')
  const names = ['GITHUB_TOKEN', 'ACTIONS_STEP_DEBUG', 'ACTIONS_RUNNER_DEBUG', ...declared.map(({ key }) => key.text)]
  return objectOf(new Map(names.map((name) => [name, STRING])), { noun: 'secret' })
}

function needsType(job: Job, repository: Repository): ObjectType {
  const jobs = new Map(job.workflow.jobs.map((other) => [other.id.toLowerCase(), other]))
  const types = job.needs.map(({ text }): [string, ValueType] => {
    const needed = jobs.get(text.toLowerCase())
    return [text, needed ? resultType(needed, repository) : ANY]
  })
  return objectOf(new Map(types), { noun: 'job that this one needs' })
}

function jobsType({ workflow }: PipelineFile, repository: Repository): ValueType {
  if (workflow === null) return ANY
  return objectOf(new Map(workflow.jobs.map((job) => [job.id, resultType(job, repository)])), { noun: 'job' })
}

function resultType(job: Job, repository: Repository): ObjectType {
  return objectOf(new Map<string, ValueType>([['result', STRING], ['outputs', jobOutputs(job, repository)]]), { noun: 'property of a job' })
}
