// The calendar of many repositories: each end once, with the repositories that it reaches.
import type { CalendarEntry, CalendarPlace } from '../drift/calendar.ts'
import { daysBetween } from '../data/runtimes.ts'
import { compare } from '../examine.ts'

/** An end in one repository. */
export interface MemberEnd extends CalendarEntry {
  /** Places besides those of the list; 0 when it is left out. */
  readonly unlisted?: number
}

export interface PlacedEnd extends Omit<CalendarEntry, 'places'> {
  readonly places: readonly (CalendarPlace & { readonly repository: string })[]
  readonly unlisted: number
  /** By name. */
  readonly repositories: readonly string[]
}

export interface FleetEnd extends Omit<PlacedEnd, 'places' | 'unlisted'> {
  readonly places: number
}

interface Member {
  readonly name: string
  readonly calendar: readonly MemberEnd[]
}

/** As `placedEnds`, with the number of places. */
export const fleetCalendar = (members: readonly Member[], today: string): readonly FleetEnd[] =>
  placedEnds(members, today).map(({ places, unlisted, ...end }) => ({ ...end, places: places.length + unlisted }))

/** Soonest first. Days are counted from `today`, whenever an entry was made; a brownout that is over is left out. */
export function placedEnds(members: readonly Member[], today: string): readonly PlacedEnd[] {
  const ends = new Map<string, { readonly end: MemberEnd; readonly places: PlacedEnd['places'][number][]; readonly names: Set<string>; unlisted: number }>()
  for (const { name, calendar } of members) {
    for (const end of calendar) {
      const key = `${end.date} ${end.subject}`
      const known = ends.get(key) ?? { end, places: [], names: new Set<string>(), unlisted: 0 }
      ends.set(key, known)
      for (const place of end.places) known.places.push({ repository: name, ...place })
      known.names.add(name)
      known.unlisted += end.unlisted ?? 0
    }
  }
  return [...ends].sort(([a], [b]) => compare(a, b)).map(([, { end: { subject, date, brownouts, source }, places, unlisted, names }]) => ({
    subject, date, days: daysBetween(today, date), brownouts: brownouts.filter((day) => day >= today), source, places, unlisted, repositories: [...names].sort(),
  }))
}
