// What the value of an expression can be. 'any' is every value whose kind only shows when it runs: nothing is said about it.

export type ScalarKind = 'string' | 'number' | 'boolean' | 'null'

export interface ArrayType {
  readonly kind: 'array'
  readonly item: ValueType
  /** Made by a star: a property of it is that property of each item. */
  readonly isFiltered: boolean
}

export interface ObjectType {
  readonly kind: 'object'
  /** The type under a name in lower case; undefined when it is not listed. */
  get(name: string): ValueType | undefined
  /** The listed names as written. */
  names(): readonly string[]
  /** Type of everything that is not listed; null when there is nothing else. */
  readonly rest: ValueType | null
  /** What one of its names is called: 'job', 'property of github'. */
  readonly noun: string
}

export type ValueType = { readonly kind: 'any' | ScalarKind } | ArrayType | ObjectType

export const ANY: ValueType = { kind: 'any' }
export const STRING: ValueType = { kind: 'string' }
export const NUMBER: ValueType = { kind: 'number' }
export const BOOLEAN: ValueType = { kind: 'boolean' }
export const NULL: ValueType = { kind: 'null' }

const NOTHING: ReadonlyMap<string, ValueType> = new Map()

export function arrayOf(item: ValueType, isFiltered = false): ArrayType {
  return { kind: 'array', item, isFiltered }
}

/** An object of unlisted properties. */
export function mapOf(rest: ValueType, noun = 'property'): ObjectType {
  return objectOf(NOTHING, { noun, rest })
}

/** `properties` by name as written; what is asked for is compared without case. */
export function objectOf(properties: ReadonlyMap<string, ValueType>, { noun, rest = null }: { noun: string; rest?: ValueType | null }): ObjectType {
  let byName: ReadonlyMap<string, ValueType> | null = null
  return {
    kind: 'object', noun, rest,
    names: () => [...properties.keys()],
    get(name) {
      byName ??= new Map([...properties].map(([key, type]) => [key.toLowerCase(), type]))
      return byName.get(name)
    },
  }
}

/** What either of two values can be. */
export function either(a: ValueType, b: ValueType): ValueType {
  if (a === b) return a
  if (a.kind === 'array' && b.kind === 'array') return arrayOf(either(a.item, b.item), a.isFiltered && b.isFiltered)
  if (a.kind === 'object' && b.kind === 'object') return eitherObject(a, b)
  return a.kind === b.kind ? a : ANY
}

function eitherObject(a: ObjectType, b: ObjectType): ObjectType {
  const properties = new Map<string, ValueType>()
  for (const object of [a, b]) {
    for (const name of object.names()) {
      const type = object.get(name.toLowerCase()) ?? ANY
      const known = properties.get(name)
      properties.set(name, known ? either(known, type) : type)
    }
  }
  const rest = a.rest && b.rest ? either(a.rest, b.rest) : (a.rest ?? b.rest)
  return objectOf(properties, { noun: a.noun, rest })
}

/** The type of a value that JSON or YAML wrote out. */
export function typeOfData(value: unknown): ValueType {
  if (value === null) return NULL
  if (Array.isArray(value)) return arrayOf(mergeAll(value.map(typeOfData)))
  switch (typeof value) {
    case 'string': return STRING
    case 'number': return NUMBER
    case 'boolean': return BOOLEAN
    case 'object': return objectOf(new Map(Object.entries(value).map(([name, below]) => [name, typeOfData(below)])), { noun: 'property' })
    default: return ANY
  }
}

/** More values are no list that a person wrote; comparing them all would be quadratic. */
const MAX_MERGED = 300

/** What one of several values can be; 'any' for none. */
export function mergeAll(types: readonly ValueType[]): ValueType {
  if (types.length > MAX_MERGED) return ANY
  const [first, ...others] = types
  return others.reduce((merged, type) => either(merged, type), first ?? ANY)
}

export function describeType({ kind }: ValueType): string {
  switch (kind) {
    case 'any': return 'anything'
    case 'string': return 'text'
    case 'number': return 'a number'
    case 'boolean': return 'true or false'
    case 'null': return 'null'
    case 'array': return 'a list'
    case 'object': return 'an object'
  }
}
