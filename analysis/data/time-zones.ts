// The names of time zones that a schedule may use. Node's own list depends on how it was built, so it is not asked.
import data from './time-zones.json' with { type: 'json' }

let known: ReadonlyMap<string, string> | null = null

/** Every name as the database writes it, by its lower case. */
function zones(): ReadonlyMap<string, string> {
  known ??= new Map(Object.entries(data.zones).flatMap(([area, names]) => names.split(' ').map((name): [string, string] => {
    const zone = area === '' ? name : `${area}/${name}`
    return [zone.toLowerCase(), zone]
  })))
  return known
}

/** Compared without case. */
export const isTimeZone = (name: string): boolean => zones().has(name.toLowerCase())

export const timeZones = (): Iterable<string> => zones().values()
