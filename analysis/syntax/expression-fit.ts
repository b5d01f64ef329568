// Whether the value of an expression suits the key it stands at: a text, a number, a list, a map of known keys.
import type { ExpressionSite } from './expression-sites.ts'
import type { MapType, Type } from './schema.ts'
import { describeExpected } from './describe-value.ts'
import { describeType, type ObjectType, type ValueType } from './value-type.ts'

export interface Misfit {
  /** It is pasted into text, where only text, numbers and booleans can stand. */
  readonly text: boolean
  readonly wanted: string
  readonly found: string
}

/** What the key takes instead, or null when the value suits it. */
export function misfitOf(site: ExpressionSite, value: ValueType): Misfit | null {
  const { kind } = value
  if (kind === 'any' || site.isCondition) return null
  const found = describeType(value)
  const { type } = site
  if (!site.isWhole || site.isKey) return isTextual(kind) ? null : { text: true, wanted: '', found }
  if (type === null || accepts(type, value)) return null
  if (kind === 'object' && type.maps.length > 0) return { text: false, wanted: `an object with ${keysOf(type)}`, found: `an object with ${quoted(value.names())}` }
  return type.text !== 'none' && type.maps.length === 0 && type.items === null ? { text: true, wanted: '', found } : { text: false, wanted: describeExpected(type), found }
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

const keysOf = ({ maps }: Type): string => quoted(maps.flatMap(({ properties }) => [...properties.keys()]))

const isTextual = (kind: ValueType['kind']): boolean => kind === 'string' || kind === 'number' || kind === 'boolean'

function accepts(type: Type, value: ValueType): boolean {
  const isText = type.text !== 'none' || type.constants.length > 0
  switch (value.kind) {
    case 'any': return true
    case 'string': return isText
    case 'number': return isText || type.number
    case 'boolean': return isText || type.boolean
    case 'null': return type.nothing
    case 'array': return type.items !== null
    case 'object': return type.maps.some((map) => takes(map, value))
  }
}

/** An object without a key that the map knows is another thing. */
function takes(map: MapType, object: ObjectType): boolean {
  const names = object.names()
  return map.loose !== null || object.rest !== null || names.length === 0 || names.some((name) => map.properties.has(name))
}
