// Who sets the value that an expression reads, and what it can contain. The facts are in contexts.json.
import data from './contexts.json' with { type: 'json' }

/** 'fixed' can carry no code; 'identifier' and 'url' are harmless in a shell; 'ref' is a git ref name; 'text' anything. */
export type ValueDomain = 'fixed' | 'identifier' | 'url' | 'ref' | 'text'
/** 'outsider' is anyone with an account; 'writer' needs write access; 'model' is what a language model answered. */
export type ValueSetter = 'outsider' | 'writer' | 'github' | 'model'

export interface ContextValue {
  readonly domain: ValueDomain
  readonly by: ValueSetter
  /** The events that bring it; null when it exists on every one. */
  readonly events: readonly string[] | null
}

interface PathNode {
  value: { readonly domain: ValueDomain; readonly by: ValueSetter } | null
  readonly children: Map<string, PathNode>
}

const NAMES: ReadonlyMap<string, ValueDomain> = new Map(
  Object.entries(data.names).flatMap(([domain, names]) => names.map((name): [string, ValueDomain] => [name, domain as ValueDomain])),
)
const CARRIERS: Readonly<Record<string, readonly string[]>> = data.carriers
const ACTION_OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = data.actionOutputs
const ROOT = build()

function build(): PathNode {
  const root: PathNode = { value: null, children: new Map() }
  for (const [path = '', domain, by] of data.values) {
    let node = root
    for (const part of path.split('.')) {
      const next = node.children.get(part) ?? { value: null, children: new Map<string, PathNode>() }
      node.children.set(part, next)
      node = next
    }
    node.value = { domain: domain as ValueDomain, by: by as ValueSetter }
  }
  return root
}

/** What stands at a path in lower case, '*' for any index; undefined when nothing is known of it, or when it is an object. */
export function contextValue(path: readonly string[]): ContextValue | undefined {
  const value = find(ROOT, path, 0)?.value
  if (value) return { ...value, events: carriersOf(path) }
  const domain = path.length > 2 ? NAMES.get(path.at(-1) ?? '') : undefined
  return domain === undefined ? undefined : { domain, by: domain === 'identifier' ? 'outsider' : 'github', events: carriersOf(path) }
}

/** Every listed value below a path that is an object: what its JSON contains. */
export function valuesBelow(path: readonly string[]): readonly ContextValue[] {
  const node = find(ROOT, path, 0)
  const found: ContextValue[] = []
  const visit = (at: PathNode, trail: readonly string[]): void => {
    if (at.value) found.push({ ...at.value, events: carriersOf(trail) })
    for (const [part, child] of at.children) visit(child, [...trail, part])
  }
  if (node) visit(node, path)
  return found
}

/** What a known action returns: a value of an outsider's making, or what some of its inputs get. */
export type ActionOutput = { readonly domain: ValueDomain; readonly when: ActionCondition | null; readonly ofWorkspace: boolean } | { readonly inputs: readonly string[] }

/** The output is an outsider's only when the input has one of the values. */
export interface ActionCondition {
  readonly input: string
  readonly values: readonly string[]
}

/** What stands behind an output of a known action; undefined for all others. */
export function actionOutput(action: string, output: string): ActionOutput | undefined {
  const outputs = ACTION_OUTPUTS[action.toLowerCase()]
  if (outputs === undefined) return undefined
  const name = output.toLowerCase()
  const pattern = Object.keys(outputs).find((key) => key === name || (key.startsWith('*') && name.endsWith(key.slice(1))))
  const value = pattern === undefined ? undefined : outputs[pattern]
  if (value === undefined) return undefined
  if (value.startsWith('input:')) return { inputs: value.slice('input:'.length).split(',') }
  const [domain = '', input, values = ''] = value.split(/[?=]/)
  // Names of files are an outsider's where the files are.
  if (domain === 'files') return { domain: 'text', when: null, ofWorkspace: true }
  return { domain: domain as ValueDomain, ofWorkspace: false, when: input === undefined ? null : { input, values: values.split('|') } }
}

function find(node: PathNode, path: readonly string[], depth: number): PathNode | undefined {
  const part = path[depth]
  if (part === undefined) return node
  const exact = node.children.get(part)
  const found = exact && find(exact, path, depth + 1)
  if (found) return found
  if (part === '*') return firstOf([...node.children.values()], path, depth)
  const any = node.children.get('*')
  return (any && find(any, path, depth + 1)) ?? node.children.get('**')
}

/** A computed index may mean any child; the first that goes on is as good as another. */
function firstOf(nodes: readonly PathNode[], path: readonly string[], depth: number): PathNode | undefined {
  for (const node of nodes) {
    const found = find(node, path, depth + 1)
    if (found) return found
  }
  return undefined
}

function carriersOf(path: readonly string[]): readonly string[] | null {
  const [context, field, object] = path
  if (context !== 'github') return null
  return CARRIERS[field === 'event' ? (object ?? '') : `github.${field}`] ?? null
}
