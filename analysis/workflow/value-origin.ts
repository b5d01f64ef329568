// Where the text of an expression comes from: follows contexts, choices and functions, env, matrix, step outputs and job
// outputs, and through the repository inputs to their callers and outputs into local actions and called workflows. It leaves out
// other repositories and what a program computes: unknown is not an outsider's.
import type { ContextValue } from '../data/contexts.ts'
import type { Expression } from '../syntax/expression.ts'
import type { ActionMetadata } from './action-metadata.ts'
import type { Call } from './calls.ts'
import type { Job } from './job.ts'
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import type { Workflow } from './workflow.ts'
import { actionOutput, contextValue, valuesBelow } from '../data/contexts.ts'
import { isModelOutput } from '../data/model-actions.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { callsOf } from './calls.ts'
import { localAction, localWorkflow } from './local-target.ts'
import { asMapping, asScalar, lookup, resolve } from './nodes.ts'
import type { ScriptWrite } from './script-writes.ts'
import { writesOf } from './script-writes.ts'
import { apiAnswer } from './api-answer.ts'
import { outgoingPaths } from './outgoing-paths.ts'
import { inputOf } from './step-input.ts'
import { stepIndexOf } from './step-index.ts'

/** A value that flows into a place. */
export interface Origin extends ContextValue {
  /** As an expression would read it: `github.event.issue.title`. */
  readonly path: string
  /** The step whose script reads it from a file: an outsider's only where a step before brought an outsider's files. */
  readonly readBy?: Step
  /** A script cut it so that no line of it, but the first, begins as its author wants. */
  readonly isLine?: boolean
}

/** Where an expression stands; a composite action's step has no job. */
export interface Scope {
  readonly step: Step | null
  readonly job: Job | null
}

interface Trail {
  readonly scope: Scope
  readonly repository: Repository | null
  /** The call through which the walk came into this file: its inputs are this call's. */
  readonly call: Call | null
  /** How often another place of the file was followed. */
  readonly hops: number
  /** The expression's objects are printed as JSON. */
  readonly isJson: boolean
  /** What may still be followed; shared by the whole walk, for files whose values refer to each other without end. */
  readonly budget: { left: number }
}

const MAX_HOPS = 24
const MAX_PLACES = 1_000
/** How many steps back a variable's writers are looked at. */
const MAX_WRITERS = 20
const NONE: readonly Origin[] = []

/** The origins of everything that can come out of an expression and carry code, in the order in which it reads them. */
export function originsOf(root: Expression, scope: Scope, repository: Repository | null = null): readonly Origin[] {
  return sourcesOf(root, scope, repository).filter(({ domain }) => domain !== 'fixed')
}

/** As originsOf, with values of fixed domains: numbers, commits, states. */
export function sourcesOf(root: Expression, scope: Scope, repository: Repository | null = null): readonly Origin[] {
  return ofNode(root, trailFrom(scope, repository))
}

/** As sourcesOf, for an environment variable that a script of the scope reads. */
export function variableSourcesOf(name: string, scope: Scope, repository: Repository | null = null): readonly Origin[] {
  return ofVariable(name, trailFrom(scope, repository))
}

/** As sourcesOf, for what a script of the step writes. */
export function writeSourcesOf(step: Step, write: ScriptWrite, repository: Repository | null = null): readonly Origin[] {
  return ofWrite(step, write, trailFrom({ step, job: step.job }, repository))
}

const trailFrom = (scope: Scope, repository: Repository | null): Trail => ({ scope, repository, call: null, hops: 0, isJson: false, budget: { left: MAX_PLACES } })

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
    case 'steps': return path[2] === 'outputs' ? ofStepOutput(path, further) : NONE
    case 'needs': case 'jobs': return path[2] === 'outputs' ? ofJobOutput(path[1] ?? '', path[3] ?? '', further) : NONE
    case 'inputs': return ofInput(path[1] ?? '', further)
    default: return NONE
  }
}

function ofGithub(path: readonly string[], isJson: boolean): readonly Origin[] {
  const name = path.join('.')
  const value = contextValue(path)
  if (value !== undefined) return [{ ...value, path: name }]
  return isJson ? valuesBelow(path).map((below) => ({ ...below, path: name })) : NONE
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

function ofStepOutput([, id = '', , output = '', ...below]: readonly string[], trail: Trail): readonly Origin[] {
  const { step, job } = trail.scope
  const source = stepIndexOf(job ?? step?.action ?? null).byId.get(id)
  if (source === undefined) return NONE
  if (source.uses !== null) {
    const action = trail.repository && localAction(source.uses, trail.repository)
    if (action) return ofActionOutput({ source, action, output }, trail)
    if (isModelOutput(source.uses.name, output)) return [{ domain: 'text', by: 'model', events: null, path: `steps.${id}.outputs.${output}` }]
    const answers = apiAnswer(source, output, below)
    if (answers.length > 0) return answers.flatMap((path) => ofGithub(path.split('.'), trail.isJson || below.length === 0))
    const returned = actionOutput(source.uses.name, output)
    if (returned === undefined) return NONE
    if ('inputs' in returned) {
      const values = source.with?.pairs.filter(({ key }) => returned.inputs.includes(key.text.toLowerCase())) ?? []
      return values.flatMap(({ value }) => (value ? ofValue(value, { ...trail, scope: { step: source, job: source.job } }) : NONE))
    }
    if (returned.when !== null && !returned.when.values.includes(inputOf(source, returned.when.input)?.text ?? '')) return NONE
    return [{ domain: returned.domain, by: 'outsider', events: null, path: `steps.${id}.outputs.${output}`, ...(returned.ofWorkspace ? { readBy: source } : {}) }]
  }
  const writes = source.run === null ? [] : writesOf(source.file.text, source.run)
  return writes.filter((write) => write.target === 'output' && write.name.toLowerCase() === output).flatMap((write) => ofWrite(source, write, trail))
}

function ofActionOutput({ source, action, output }: { source: Step; action: ActionMetadata; output: string }, trail: Trail): readonly Origin[] {
  const value = lookup(action.outputs.find(({ name }) => name.toLowerCase() === output)?.node ?? null, 'value')
  const call = { step: source, job: source.job, with: source.with }
  return value ? ofValue(value, { ...trail, call, scope: { step: action.steps[0] ?? null, job: null } }) : NONE
}

/** An input is what the callers hand over; of a call that the walk came through, what that one does. Defaults are the file's own text. */
function ofInput(name: string, trail: Trail): readonly Origin[] {
  const { scope: { step, job }, repository, call } = trail
  const file = step?.file ?? job?.workflow.file
  const calls = call !== null ? [call] : file && repository ? callsOf(file, repository) : []
  return calls.flatMap((caller) => {
    const value = caller.with?.pairs.find(({ key }) => key.text.toLowerCase() === name)?.value
    return value ? ofValue(value, { ...trail, call: null, scope: { step: caller.step, job: caller.job } }) : NONE
  })
}

function ofJobOutput(id: string, output: string, trail: Trail): readonly Origin[] {
  const source = trail.scope.job?.workflow.jobs.find((candidate) => candidate.id.toLowerCase() === id)
  const called = source?.uses && trail.repository ? localWorkflow(source.uses, trail.repository) : null
  if (source && called) return ofCalledOutput({ source, called, output }, trail)
  const outputs = asMapping(lookup(source?.node ?? null, 'outputs'))
  const value = outputs?.pairs.find(({ key }) => key.text.toLowerCase() === output)?.value
  return source && value ? ofValue(value, { ...trail, scope: { step: null, job: source } }) : NONE
}

function ofCalledOutput({ source, called, output }: { source: Job; called: Workflow; output: string }, trail: Trail): readonly Origin[] {
  const declared = asMapping(lookup(called.triggers.find(({ name }) => name === 'workflow_call')?.config ?? null, 'outputs'))
  const value = lookup(asMapping(declared?.pairs.find(({ key }) => key.text.toLowerCase() === output)?.value), 'value')
  const call = { step: null, job: source, with: source.with }
  return value ? ofValue(value, { ...trail, call, scope: { step: null, job: called.jobs[0] ?? null } }) : NONE
}

/** What a script writes: expressions as they stand, variables by the step's env. */
function ofWrite(step: Step, { expressions, reads, variables, workspace, isLine }: ScriptWrite, trail: Trail): readonly Origin[] {
  if (trail.budget.left-- <= 0) return NONE
  const scope = { step, job: step.job }
  const origins = [
    ...expressions.flatMap(({ root }) => (root ? ofNode(root, { ...trail, scope }) : NONE)),
    ...reads.flatMap((path) => ofGithub(path.split('.'), true)),
    ...(workspace === null ? NONE : [workspaceOrigin(workspace, step)]),
    ...variables.flatMap((variable) => ofVariable(variable, { ...trail, hops: trail.hops + 1, scope })),
  ]
  return isLine ? origins.map((origin) => ({ ...origin, isLine })) : origins
}

/** What the step's script reads of the workspace. */
export const workspaceOrigin = (path: string, step: Step): Origin => ({ domain: 'text', by: 'outsider', events: null, path, readBy: step })


/** A variable of the environment; the runner sets some of its own. */
function ofVariable(name: string, trail: Trail): readonly Origin[] {
  const own = ofEnv(name.toLowerCase(), trail)
  return own.length === 0 && name === 'GITHUB_HEAD_REF' ? ofGithub(['github', 'head_ref'], false) : own
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
