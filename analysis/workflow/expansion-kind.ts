// What kind of value an expression expands to, for values that no outsider chooses: by who sets it and what it may contain.
// Follows `env` and `matrix` inside the file and inputs to their declarations; leaves out callers and what programs compute.
import type { Expression } from '../syntax/expression.ts'
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { OutgoingPath } from './outgoing-paths.ts'
import type { Scope } from './value-origin.ts'
import { actionOutput, contextValue } from '../data/contexts.ts'
import { constantOf } from '../syntax/constant-value.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { inputKind } from './input-kind.ts'
import { fixesRef } from './ref-source.ts'
import { asMapping, lookup, resolve } from './nodes.ts'
import { outgoingPaths } from './outgoing-paths.ts'
import { stepIndexOf } from './step-index.ts'

/** From the most to the least telling. */
const KINDS = ['writer', 'input', 'matrix', 'env', 'identifier', 'undeclared', 'unknown', 'settled', 'trusted', 'fixed'] as const

/**
 * 'writer' text or ref of somebody with write access; 'input' a declared text input; 'matrix' a row from an expression; 'env' a
 * variable from an expression; 'undeclared' an input that nothing declares; 'unknown' outputs and what no list knows;
 * 'settled' a literal variable or row; 'trusted' a secret or setting; 'fixed' a domain without code.
 */
export type ExpansionKind = (typeof KINDS)[number]

export interface Expansion {
  readonly kind: ExpansionKind
  /** As an expression would read it: `github.ref_name`. */
  readonly path: string
}

interface Trail extends Scope {
  readonly hops: number
}

const MAX_HOPS = 6
/** Nodes of a matrix or list that are looked at. */
const MAX_NODES = 500
const FIXED_CONTEXTS: ReadonlySet<string> = new Set(['runner', 'strategy', 'job'])
const OWN_NAMES = /^github\.(?:event\.(?:repository|organization|enterprise)\.|(?:triggering_)?actor$)/

/** The most telling of the values that can come out; null when only literals and truth values do. */
export function expansionOf(root: Expression, scope: Scope): Expansion | null {
  return constantOf(root) === null ? worstOf(root, { ...scope, hops: 0 }) : null
}

function worstOf(root: Expression, trail: Trail): Expansion | null {
  let worst: Expansion | null = null
  for (const outgoing of outgoingPaths(root)) {
    const kind = kindOf(outgoing, trail)
    if (worst === null || KINDS.indexOf(kind) < KINDS.indexOf(worst.kind)) worst = { kind, path: outgoing.path.join('.') }
  }
  return worst
}

function kindOf({ path }: OutgoingPath, trail: Trail): ExpansionKind {
  const [context = '', name = '', field, output = ''] = path
  if (FIXED_CONTEXTS.has(context)) return 'fixed'
  switch (context) {
    case 'github': return ofGithub(path, trail)
    case 'inputs': return inputKind(name, trail)
    case 'env': return path.length === 2 ? ofEnv(name, trail) : 'unknown'
    case 'matrix': return ofMatrix(path, trail)
    case 'secrets': case 'vars': return 'trusted'
    case 'needs': return field === 'result' ? 'fixed' : 'unknown'
    case 'steps': return field === 'outcome' || field === 'conclusion' || isFixedOutput(trail, { id: name, output }) ? 'fixed' : 'unknown'
    default: return 'unknown'
  }
}

function ofGithub(path: readonly string[], trail: Trail): ExpansionKind {
  if (path[1] === 'event' && path[2] === 'inputs') return path.length === 4 ? inputKind(path[3] ?? '', trail) : 'writer'
  const value = contextValue(path)
  switch (value?.domain) {
    case undefined: return 'unknown'
    case 'fixed': case 'url': return 'fixed'
    case 'identifier': return OWN_NAMES.test(path.join('.')) ? 'fixed' : 'identifier'
    case 'ref': return fixesRef(path, trail.job) ? 'fixed' : 'writer'
    case 'text': return 'writer'
  }
}

function isFixedOutput({ step, job }: Trail, { id, output }: { id: string; output: string }): boolean {
  const uses = stepIndexOf(job ?? step?.action ?? null).byId.get(id)?.uses
  const returned = uses ? actionOutput(uses.name, output) : undefined
  return returned !== undefined && 'domain' in returned && returned.domain === 'fixed'
}

/** The nearest level that names it; a name that no level has is some step's to write. */
function ofEnv(name: string, trail: Trail): ExpansionKind {
  const { step, job, hops } = trail
  for (const level of [step?.env, job?.env, job?.workflow.env]) {
    const value = level?.pairs.find(({ key }) => key.text.toLowerCase() === name)?.value
    if (value === undefined) continue
    const kinds = hops >= MAX_HOPS ? [] : expressionKinds(value, { ...trail, step: level === step?.env ? step : null, hops: hops + 1 })
    return kinds.every((kind) => KINDS.indexOf(kind) >= KINDS.indexOf('settled')) ? (kinds.includes('trusted') ? 'trusted' : 'settled') : 'env'
  }
  return 'settled'
}

function expressionKinds(value: YamlNode, trail: Trail): readonly ExpansionKind[] {
  const scalar = resolve(value)
  const text = (trail.step?.file ?? trail.job?.workflow.file)?.text
  if (scalar?.kind !== 'scalar' || text === undefined) return []
  return expressionsIn(text, scalar).flatMap(({ root }) => (root === null ? [] : (worstOf(root, trail)?.kind ?? [])))
}

function ofMatrix(path: readonly string[], { job }: Trail): ExpansionKind {
  const matrix = job?.matrix ?? null
  if (job === null || matrix === null) return 'unknown'
  const text = job.workflow.file.text
  if (matrix.kind === 'scalar') return isDynamic(text, [matrix]) ? 'matrix' : 'settled'
  return isDynamic(text, rowsOf(matrix, path[1] ?? '')) ? 'matrix' : 'settled'
}

/** Everything that can give a matrix key a value; the whole matrix for a computed key. */
function rowsOf(matrix: MappingNode, row: string): readonly YamlNode[] {
  if (row === '' || row === '*') return [matrix]
  const own = matrix.pairs.filter(({ key }) => key.text.toLowerCase() === row).map(({ value }) => value)
  const include = lookup(matrix, 'include')
  if (include?.kind !== 'sequence') return include ? [...own, include] : own
  const added = include.items.flatMap((item) => asMapping(item)?.pairs.filter(({ key }) => key.text.toLowerCase() === row).map(({ value }) => value) ?? [item])
  return [...own, ...added]
}

/** Whether an expression below lets a value of a context out. */
function isDynamic(text: string, nodes: readonly YamlNode[]): boolean {
  const queue = [...nodes]
  for (let count = 0; queue.length > 0 && count < MAX_NODES; count++) {
    const next = queue.pop()
    const node = next && resolve(next)
    if (!node) continue
    if (node.kind === 'mapping') queue.push(...node.pairs.map(({ value }) => value))
    else if (node.kind === 'sequence') queue.push(...node.items)
    else if (expressionsIn(text, node).some(({ root }) => root !== null && outgoingPaths(root).length > 0)) return true
  }
  return false
}
