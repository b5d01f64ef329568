// What GitHub's schema says of events: their names, their filters and their activity types.
import { schemaOf } from './schema.ts'

export interface EventSchema {
  /** Keys that its map may have; null where the schema of the map is closed elsewhere (inputs, schedules). */
  readonly keys: ReadonlySet<string>
  /** Empty where there are none; null where any name is taken. */
  readonly types: readonly string[] | null
}

const known = new Map<string, EventSchema | null>()

/** Null for an event that the schema does not have; names are compared with case, as GitHub does. */
export function eventSchema(name: string): EventSchema | null {
  let event = known.get(name)
  if (event === undefined) known.set(name, (event = readEvent(name)))
  return event
}

/** Names of all events. */
export function eventNames(): Iterable<string> {
  return schemaOf('workflow')?.type('on-mapping-strict').maps[0]?.properties.keys() ?? []
}

function readEvent(name: string): EventSchema | null {
  const schema = schemaOf('workflow')
  const property = schema?.type('on-mapping-strict').maps[0]?.properties.get(name)
  if (!schema || !property) return null
  const maps = schema.type(property.type).maps
  const types = maps.flatMap((map) => map.properties.get('types') ?? []).map(({ type }) => schema.type(type))
  return {
    keys: new Set(maps.flatMap((map) => [...map.properties.keys()])),
    types: types.some((type) => type.text !== 'none') ? null : types.flatMap((type) => type.constants),
  }
}
