// The calendar of many repositories: each end once, with the repositories that it reaches.
import type { CalendarEntry } from '../drift/calendar.ts'
import { mergeCalendars } from '../drift/calendar.ts'
import { daysBetween } from '../data/runtimes.ts'

export interface FleetEnd extends Omit<CalendarEntry, 'places'> {
  readonly places: number
  /** By name. */
  readonly repositories: readonly string[]
}

interface Member {
  readonly name: string
  readonly calendar: readonly CalendarEntry[]
}

/** Soonest first. Days are counted from `today`, whenever an entry was made; a brownout that is over is left out. */
export function fleetCalendar(members: readonly Member[], today: string): readonly FleetEnd[] {
  const reached = new Map<string, Set<string>>()
  for (const { name, calendar } of members) {
    for (const entry of calendar) {
      const known = reached.get(keyOf(entry)) ?? new Set<string>()
      reached.set(keyOf(entry), known.add(name))
    }
  }
  return mergeCalendars(members.flatMap(entriesOf)).map(({ places, ...entry }) => ({
    ...entry, days: daysBetween(today, entry.date), brownouts: entry.brownouts.filter((day) => day >= today),
    places: places.length, repositories: [...(reached.get(keyOf(entry)) ?? [])].sort(),
  }))
}

const entriesOf = ({ name, calendar }: Member): readonly CalendarEntry[] =>
  calendar.map((entry) => ({ ...entry, places: entry.places.map((place) => ({ ...place, path: `${name}/${place.path}` })) }))

const keyOf = ({ date, subject }: Pick<CalendarEntry, 'date' | 'subject'>): string => `${date} ${subject}`
