// The schemas as the walk reads them: GitHub's own with our dated additions, and ours for dependabot.yml and the policy file.
// Types are compiled when they are first met, so a file pays only for what it uses.
import type { FileKind } from '../finding.ts'
import additions from '../data/schema-additions.json' with { type: 'json' }
import dependabot from '../data/dependabot-schema.json' with { type: 'json' }
import github from '../data/github-schema.json' with { type: 'json' }
import policy from '../data/policy-schema.json' with { type: 'json' }

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
  readonly properties?: Readonly<Record<string, Readonly<Record<string, string | Property>>>>
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
  /** An empty list, map or text is taken and does nothing. */
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
const NO_OTHERS: Type['others'] = new Map()
const NO_DECIDING: Type['deciding'] = new Map()

const known = new Map<FileKind, Schema>()
const policySchemas = new WeakMap<ReadonlyMap<string, unknown>, Schema>()

/** The schema of a kind of file; null for a kind that has none. */
export function schemaOf(kind: Exclude<FileKind, 'policy'>): Schema | null {
  if (kind === 'unknown' || kind === 'pre-commit') return null
  let schema = known.get(kind)
  if (!schema) known.set(kind, (schema = createSchema(...sourcesOf(kind))))
  return schema
}

/** The schema of a policy file that may name these rules. */
export function policySchemaOf(registry: ReadonlyMap<string, unknown>): Schema {
  let schema = policySchemas.get(registry)
  if (!schema) {
    const rules = Object.fromEntries([...registry.keys()].map((id) => [id, 'rule-setting']))
    policySchemas.set(registry, (schema = createSchema('policy-root', policy.definitions, [policy, { properties: { rules } }])))
  }
  return schema
}

function sourcesOf(kind: Exclude<FileKind, 'unknown' | 'pre-commit' | 'policy'>): [root: string, Readonly<Record<string, Definition>>, readonly Addition[]] {
  if (kind === 'dependabot') return ['dependabot-root', dependabot.definitions, [dependabot]]
  return [`${kind}-root-strict`, github[kind], additions[kind]]
}

function createSchema(root: string, published: Readonly<Record<string, Definition>>, added: readonly Addition[]): Schema {
  const types = new Map<string, Type>()
  const elsewhere = added.flatMap((addition) => addition.elsewhere ?? []).map(({ types: byType, maps, keys }) => ({ types: new RegExp(byType), maps: new RegExp(maps), keys: new Set(keys) }))

  const definitionOf = (name: string): Definition =>
    added.find(({ definitions }) => definitions?.[name])?.definitions?.[name] ?? published[name] ?? BUILT_IN[name] ?? {}
  const listed = (part: 'required' | 'asked', name: string): readonly string[] => added.flatMap((addition) => addition[part]?.[name] ?? [])
  const bounds = new Map(added.flatMap((addition) => Object.entries(addition.bounds ?? {})))
  const selects = new Map(added.flatMap((addition) => Object.entries(addition.select ?? {})))
  const named = (part: 'tolerated' | 'filled' | 'hollow' | 'growing'): ReadonlySet<string> => new Set(added.flatMap((addition) => addition[part] ?? []))
  const [tolerated, filled, hollow, growing] = [named('tolerated'), named('filled'), named('hollow'), named('growing')]

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

  // Hundreds of types are compiled on every start: one loop over the options, and shared empties.
  function compile(name: string): Type {
    const definition = definitionOf(name)
    const { constant, 'require-non-empty': needsText } = definition.string ?? {}
    let text: Type['text'] = definition.string === undefined || constant !== undefined ? 'none' : needsText === true ? 'filled' : 'any'
    let [isAny, number, boolean, nothing, isFilled] = [name === 'any', definition.number !== undefined, definition.boolean !== undefined, definition.null !== undefined, filled.has(name)]
    let items = definition.sequence?.['item-type'] ?? null
    const constants = constant === undefined ? [] : [constant]
    constants.push(...(definition['allowed-values'] ?? []))
    const maps = definition.mapping ? [mapType(name, definition.mapping)] : []
    for (const each of definition['one-of'] ?? []) {
      const option = type(each)
      if (option.text === 'any' || text === 'none') text = option.text
      isAny ||= option.any
      number ||= option.number
      boolean ||= option.boolean
      nothing ||= option.nothing
      isFilled ||= option.filled
      items ??= option.items
      constants.push(...option.constants)
      if (!definition.mapping) maps.push(...option.maps)
    }
    return {
      name,
      contexts: definition.context ?? NO_CONTEXTS,
      any: isAny,
      text,
      constants,
      number,
      boolean,
      nothing,
      items,
      maps,
      others: maps.length < 2 ? NO_OTHERS : new Map(maps.map((map) => [map, maps.filter((other) => other !== map)])),
      deciding: maps.length < 2 ? NO_DECIDING : decidingKeys(maps),
      select: selects.get(name) ?? null,
      filled: isFilled,
      hollow: hollow.has(name),
      growing: growing.has(name),
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
