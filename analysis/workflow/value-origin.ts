// Where the text of an expression comes from: follows contexts, choices and functions, and inside the file env, matrix,
// step outputs and job outputs. It leaves out other files and what a program computes: unknown is not an outsider's.
import type { ContextValue } from '../data/contexts.ts'
import type { Expression } from '../syntax/expression.ts'
import type { Job } from './job.ts'
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { Step } from './step.ts'
import { actionOutput, contextValue, valuesBelow } from '../data/contexts.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { asMapping, asScalar, lookup, resolve } from './nodes.ts'
import type { ScriptWrite } from './script-writes.ts'
import { writesOf } from './script-writes.ts'
import { outgoingPaths } from './outgoing-paths.ts'
import { stepIndexOf } from './step-index.ts'

/** A value that flows into a place. Fixed domains are left out. */
export interface Origin extends ContextValue {
  /** As an expression would read it: `github.event.issue.title`. */
  readonly path: string
}

/** Where an expression stands; a composite action's step has no job. */
export interface Scope {
  readonly step: Step | null
  readonly job: Job | null
}

interface Trail {
  readonly scope: Scope
  /** How often another place of the file was followed. */
  readonly hops: number
  /** The expression's objects are printed as JSON. */
  readonly isJson: boolean
  /** What may still be followed; shared by the whole walk, for files whose values refer to each other without end. */
  readonly budget: { left: number }
}

const MAX_HOPS = 6
const MAX_PLACES = 1_000
/** How many steps back a variable's writers are looked at. */
const MAX_WRITERS = 20
const NONE: readonly Origin[] = []

/** The origins of everything that can come out of an expression, in the order in which it reads them. */
export function originsOf(root: Expression, scope: Scope): readonly Origin[] {
  return ofNode(root, { scope, hops: 0, isJson: false, budget: { left: MAX_PLACES } })
}

function ofNode(node: Expression, trail: Trail): readonly Origin[] {
  return outgoingPaths(node).flatMap(({ path, isJson }) => ofPath(path, isJson ? { ...trail, isJson } : trail))
}

function ofPath(path: readonly string[], trail: Trail): readonly Origin[] {
  if (path[0] === 'github') return ofGithub(path, trail.isJson)
  if (trail.hops >= MAX_HOPS || trail.budget.left-- <= 0) return NONE
  const further = { ...trail, hops: trail.hops + 1 }
  switch (path[0]) {
    case 'env': return path.length === 2 ? ofEnv(path[1] ?? '', further) : NONE
    case 'matrix': return ofMatrix(path, further)
    case 'steps': return path[2] === 'outputs' ? ofStepOutput(path[1] ?? '', path[3] ?? '', further) : NONE
    case 'needs': return path[2] === 'outputs' ? ofJobOutput(path[1] ?? '', path[3] ?? '', further) : NONE
    default: return NONE
  }
}

function ofGithub(path: readonly string[], isJson: boolean): readonly Origin[] {
  const name = path.join('.')
  const value = contextValue(path)
  if (value !== undefined) return value.domain === 'fixed' ? NONE : [{ ...value, path: name }]
  if (!isJson) return NONE
  return valuesBelow(path).filter(({ domain }) => domain !== 'fixed').map((below) => ({ ...below, path: name }))
}

/** The nearest level wins; what an earlier step writes to GITHUB_ENV stands behind the step's own. */
function ofEnv(name: string, trail: Trail): readonly Origin[] {
  if (trail.hops > MAX_HOPS) return NONE
  const { step, job } = trail.scope
  const own = envPair(step?.env ?? null, name)
  if (own) return ofValue(own, trail)
  const writes = step === null ? [] : (stepIndexOf(step.job ?? step.action).environment.get(name) ?? [])
  const before = writes.filter((write) => step !== null && write.step.node.start < step.node.start).slice(-MAX_WRITERS)
  const earlier = before.flatMap((written) => ofWrite(written.step, written.write, trail))
  if (earlier.length > 0) return earlier
  const outer = envPair(job?.env ?? null, name) ?? envPair(job?.workflow.env ?? null, name)
  return outer ? ofValue(outer, { ...trail, scope: { step: null, job } }) : NONE
}

function envPair(env: MappingNode | null, name: string): YamlNode | undefined {
  return env?.pairs.find(({ key }) => key.text.toLowerCase() === name)?.value
}

function ofMatrix(path: readonly string[], trail: Trail): readonly Origin[] {
  const { job } = trail.scope
  const scope = { step: null, job }
  const matrix = job?.matrix ?? null
  if (matrix?.kind === 'scalar') return ofValue(matrix, { ...trail, scope })
  const row = matrix?.pairs.find(({ key }) => key.text.toLowerCase() === path[1])?.value
  const include = lookup(matrix, 'include')
  const added = include?.kind === 'sequence' ? include.items.flatMap((item) => asMapping(item)?.pairs ?? []) : []
  const values = [row, include?.kind === 'scalar' ? include : undefined, ...added.filter(({ key }) => key.text.toLowerCase() === path[1]).map(({ value }) => value)]
  return values.flatMap((value) => (value ? ofValue(value, { ...trail, scope }) : NONE))
}

function ofStepOutput(id: string, output: string, trail: Trail): readonly Origin[] {
  const { step, job } = trail.scope
  const source = stepIndexOf(job ?? step?.action ?? null).byId.get(id)
  if (source === undefined) return NONE
  if (source.uses !== null) {
    const returned = actionOutput(source.uses.name, output)
    if (returned === undefined) return NONE
    if ('input' in returned) {
      const value = source.with?.pairs.find(({ key }) => key.text.toLowerCase() === returned.input)?.value
      return value ? ofValue(value, { ...trail, scope: { step: source, job: source.job } }) : NONE
    }
    return returned.domain === 'fixed' ? NONE : [{ domain: returned.domain, by: 'outsider', events: null, path: `steps.${id}.outputs.${output}` }]
  }
  const writes = source.run === null ? [] : writesOf(source.file.text, source.run)
  return writes.filter((write) => write.target === 'output' && write.name.toLowerCase() === output).flatMap((write) => ofWrite(source, write, trail))
}

function ofJobOutput(id: string, output: string, trail: Trail): readonly Origin[] {
  const source = trail.scope.job?.workflow.jobs.find((candidate) => candidate.id.toLowerCase() === id)
  const outputs = asMapping(lookup(source?.node ?? null, 'outputs'))
  const value = outputs?.pairs.find(({ key }) => key.text.toLowerCase() === output)?.value
  return source && value ? ofValue(value, { ...trail, scope: { step: null, job: source } }) : NONE
}

/** What a script writes: expressions as they stand, variables by the step's env. */
function ofWrite(step: Step, { expressions, reads, variables }: ScriptWrite, trail: Trail): readonly Origin[] {
  if (trail.budget.left-- <= 0) return NONE
  const scope = { step, job: step.job }
  return [
    ...expressions.flatMap(({ root }) => (root ? ofNode(root, { ...trail, scope }) : NONE)),
    ...reads.flatMap((path) => ofGithub(path.split('.'), true)),
    ...variables.flatMap((variable) => ofEnv(variable.toLowerCase(), { ...trail, hops: trail.hops + 1, scope })),
  ]
}

function ofValue(node: YamlNode, trail: Trail): readonly Origin[] {
  if (trail.hops > MAX_HOPS || trail.budget.left-- <= 0) return NONE
  const value = resolve(node)
  if (value?.kind === 'sequence') return value.items.flatMap((item) => ofValue(item, { ...trail, hops: trail.hops + 1 }))
  if (value?.kind === 'mapping') return value.pairs.flatMap((pair) => ofValue(pair.value, { ...trail, hops: trail.hops + 1 }))
  const scalar = asScalar(value)
  const file = trail.scope.step?.file ?? trail.scope.job?.workflow.file
  if (scalar === null || file === undefined) return NONE
  return expressionsIn(file.text, scalar).flatMap(({ root }) => (root ? ofNode(root, trail) : NONE))
}
