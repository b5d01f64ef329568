// The schemas as the walk reads them: GitHub's own with our dated additions, and ours for dependabot.yml and the policy file.
// Types are compiled when they are first met, so a file pays only for what it uses.
import type { FileKind } from '../finding.ts'
import additions from '../data/schema-additions.json' with { type: 'json' }
import dependabot from '../data/dependabot-schema.json' with { type: 'json' }
import github from '../data/github-schema.json' with { type: 'json' }
import policy from '../data/policy-schema.json' with { type: 'json' }
import { rules } from '../rules/index.ts'

interface Property {
  readonly type: string
  readonly required?: boolean
  /** For the people who read the JSON Schema made from it. */
  readonly description?: string
}

/** A definition of the dialect: exactly one of the kinds. */
interface Definition {
  /** Contexts and functions that expressions below may use, besides those of its parents. */
  readonly context?: readonly string[]
  readonly mapping?: {
    readonly properties?: Readonly<Record<string, string | Property>>
    readonly 'loose-key-type'?: string
    readonly 'loose-value-type'?: string
  }
  readonly sequence?: { readonly 'item-type': string }
  readonly string?: { readonly constant?: string; readonly 'require-non-empty'?: boolean }
  readonly number?: object
  readonly boolean?: object
  readonly null?: object
  readonly 'one-of'?: readonly string[]
  readonly 'allowed-values'?: readonly string[]
}

export interface Bound {
  readonly integer?: boolean
  /** Exclusive. */
  readonly above: number
}

/** The key whose value chooses among several maps. */
interface Select {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
  readonly else: string
}

/** What github-schema.json does not say; see schema-additions.json for the meaning of each part. */
interface Addition {
  readonly definitions?: Readonly<Record<string, Definition>>
  readonly properties?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly required?: Readonly<Record<string, readonly string[]>>
  readonly asked?: Readonly<Record<string, readonly string[]>>
  readonly alternatives?: Readonly<Record<string, readonly (readonly string[])[]>>
  readonly bounds?: Readonly<Record<string, Bound>>
  readonly select?: Readonly<Record<string, Select>>
  readonly filled?: readonly string[]
  readonly hollow?: readonly string[]
  readonly growing?: readonly string[]
  readonly tolerated?: readonly string[]
  readonly elsewhere?: { readonly types: string; readonly maps: string; readonly keys: readonly string[] }
}

/** What stands below a key. */
export interface KeyType {
  readonly type: string
  readonly bound: Bound | null
  /** Another value is refused by nothing. */
  readonly tolerated: boolean
}

export interface MapType {
  readonly name: string
  readonly properties: ReadonlyMap<string, KeyType>
  readonly required: readonly string[]
  /** Keys that only the documentation asks for. */
  readonly asked: readonly string[]
  /** Of each group at least one key has to be there. */
  readonly alternatives: readonly (readonly string[])[]
  /** Type of the values below any other key; null when there may be no other key. */
  readonly loose: string | null
  /** Unknown keys that another rule judges; 'all' where it judges every one. */
  readonly elsewhere: ReadonlySet<string> | 'all'
}

/** What a value may be. Several kinds are allowed side by side; `any` allows everything. */
export interface Type {
  readonly name: string
  /** Contexts and functions (`hashFiles(1,255)`) that it adds to what its parents offer. */
  readonly contexts: readonly string[]
  readonly any: boolean
  readonly text: 'none' | 'filled' | 'any'
  readonly constants: readonly string[]
  readonly number: boolean
  readonly boolean: boolean
  readonly nothing: boolean
  /** Type of the items; null when no list is allowed. */
  readonly items: string | null
  readonly maps: readonly MapType[]
  /** For each map the rest of them. */
  readonly others: ReadonlyMap<MapType, readonly MapType[]>
  /** Required keys of exactly one of the maps. */
  readonly deciding: ReadonlyMap<string, MapType>
  readonly select: Select | null
  /** An empty list or map is refused. */
  readonly filled: boolean
  /** An empty list is taken and does nothing. */
  readonly hollow: boolean
  /** The list of constants grows: another value may only be newer than this data. */
  readonly growing: boolean
  /** Which of its constants stands here is for another rule to judge. */
  readonly elsewhere: boolean
}

export interface Schema {
  readonly root: string
  type(name: string): Type
}

const BUILT_IN: Readonly<Record<string, Definition>> = {
  string: { string: {} },
  number: { number: {} },
  boolean: { boolean: {} },
  null: { null: {} },
  sequence: { sequence: { 'item-type': 'any' } },
  mapping: { mapping: { 'loose-key-type': 'string', 'loose-value-type': 'any' } },
}

const NO_KEYS: ReadonlySet<string> = new Set()
const NO_CONTEXTS: readonly string[] = []

const known = new Map<FileKind, Schema>()

/** The schema of a kind of file; null for a kind that has none. */
export function schemaOf(kind: FileKind): Schema | null {
  if (kind === 'unknown' || kind === 'pre-commit') return null
  let schema = known.get(kind)
  if (!schema) known.set(kind, (schema = createSchema(...sourcesOf(kind))))
  return schema
}

function sourcesOf(kind: Exclude<FileKind, 'unknown' | 'pre-commit'>): [root: string, Readonly<Record<string, Definition>>, readonly Addition[]] {
  if (kind === 'dependabot') return ['dependabot-root', dependabot.definitions, [dependabot]]
  if (kind === 'policy') return ['policy-root', policy.definitions, [policy, { properties: { rules: Object.fromEntries(rules.map(({ meta }) => [meta.id, 'rule-setting'])) } }]]
  return [`${kind}-root-strict`, github[kind], additions[kind]]
}

function createSchema(root: string, published: Readonly<Record<string, Definition>>, added: readonly Addition[]): Schema {
  const types = new Map<string, Type>()
  const elsewhere = added.flatMap((addition) => addition.elsewhere ?? []).map(({ types: byType, maps, keys }) => ({ types: new RegExp(byType), maps: new RegExp(maps), keys: new Set(keys) }))

  const definitionOf = (name: string): Definition =>
    added.find(({ definitions }) => definitions?.[name])?.definitions?.[name] ?? published[name] ?? BUILT_IN[name] ?? {}
  const listed = (part: 'required' | 'asked', name: string): readonly string[] => added.flatMap((addition) => addition[part]?.[name] ?? [])
  const bounds = new Map(added.flatMap((addition) => Object.entries(addition.bounds ?? {})))
  const tolerated = new Set(added.flatMap((addition) => addition.tolerated ?? []))

  function mapType(name: string, { properties: own, 'loose-value-type': loose }: NonNullable<Definition['mapping']>): MapType {
    const properties = new Map<string, KeyType>()
    const asked = listed('asked', name)
    const required = new Set<string>()
    for (const some of [own, ...added.map((addition) => addition.properties?.[name])]) {
      for (const [key, property] of Object.entries(some ?? {})) {
        const path = `${name}.${key}`
        properties.set(key, { type: typeof property === 'string' ? property : property.type, bound: bounds.get(path) ?? null, tolerated: tolerated.has(path) })
        if (typeof property === 'object' && property.required === true) required.add(key)
        else required.delete(key)
      }
    }
    return {
      name,
      properties,
      required: [...required, ...listed('required', name)].filter((key) => !asked.includes(key)),
      asked,
      alternatives: added.flatMap(({ alternatives }) => alternatives?.[name] ?? []),
      loose: loose ?? null,
      elsewhere: elsewhere.some((pattern) => pattern.types.test(name)) ? 'all' : (elsewhere.find((pattern) => pattern.maps.test(name))?.keys ?? NO_KEYS),
    }
  }

  function compile(name: string): Type {
    const definition = definitionOf(name)
    const options = (definition['one-of'] ?? []).map((option) => type(option))
    const texts = options.map((option) => option.text)
    if (definition.string && definition.string.constant === undefined) texts.push(definition.string['require-non-empty'] ? 'filled' : 'any')
    const constant = definition.string?.constant
    const maps = definition.mapping ? [mapType(name, definition.mapping)] : options.flatMap((option) => option.maps)
    return {
      name,
      contexts: definition.context ?? NO_CONTEXTS,
      any: name === 'any' || options.some((option) => option.any),
      text: texts.includes('any') ? 'any' : texts.includes('filled') ? 'filled' : 'none',
      constants: [...(constant === undefined ? [] : [constant]), ...(definition['allowed-values'] ?? []), ...options.flatMap((option) => option.constants)],
      number: definition.number !== undefined || options.some((option) => option.number),
      boolean: definition.boolean !== undefined || options.some((option) => option.boolean),
      nothing: definition.null !== undefined || options.some((option) => option.nothing),
      items: definition.sequence?.['item-type'] ?? options.find((option) => option.items !== null)?.items ?? null,
      maps,
      others: new Map(maps.map((map) => [map, maps.filter((other) => other !== map)])),
      deciding: decidingKeys(maps),
      select: added.find(({ select }) => select?.[name])?.select?.[name] ?? null,
      filled: added.some(({ filled }) => filled?.includes(name)) || options.some((option) => option.filled),
      hollow: added.some(({ hollow }) => hollow?.includes(name)),
      growing: added.some(({ growing }) => growing?.includes(name)),
      elsewhere: elsewhere.some((pattern) => pattern.types.test(name)),
    }
  }

  function type(name: string): Type {
    let compiled = types.get(name)
    if (!compiled) types.set(name, (compiled = compile(name)))
    return compiled
  }

  return { root, type }
}

function decidingKeys(maps: readonly MapType[]): ReadonlyMap<string, MapType> {
  const keys = maps.flatMap((map) => map.required.map((key) => [key, map] as const))
  return new Map(keys.filter(([key]) => maps.filter(({ required }) => required.includes(key)).length === 1))
}
