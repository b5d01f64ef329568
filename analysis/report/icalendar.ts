// The calendar as iCalendar (RFC 5545): one event per end and per day of a brownout. The same end keeps its UID, so that a client that
// subscribes moves an event and never doubles it. Leaves out alarms and time zones: every event is a whole day.
import { hash128 } from '../fingerprint.ts'
import type { MemberEnd } from './fleet-calendar.ts'
import { counted } from './report.ts'

const MAX_LINE_BYTES = 75
const DAY_MS = 86_400_000
/** In the description of an event. */
const MOST_PLACES = 50

export interface IcalendarOptions {
  /** What a client calls the calendar. */
  readonly name: string
  /** YYYY-MM-DD, the day on which it was made. */
  readonly today: string
  /** Parts the events of one repository or tenant from another's. */
  readonly scope: string
}

/** Lines end with CRLF and are folded at 75 octets. */
export function renderIcalendar(entries: readonly MemberEnd[], options: IcalendarOptions): string {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//AutoDevOps//Pipeline calendar//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(options.name)}`,
    ...entries.flatMap((entry) => [
      ...entry.brownouts.map((day) => ({ day, summary: `Brownout: ${entry.subject}` })),
      { day: entry.date, summary: `Ends: ${entry.subject}` },
    ].flatMap((event) => eventOf(event, entry, options))),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function eventOf({ day, summary }: { readonly day: string; readonly summary: string }, { places, unlisted = 0, source }: MemberEnd, { today, scope }: IcalendarOptions): string[] {
  const all = places.length + unlisted
  const where = places.slice(0, MOST_PLACES).map(({ path, line }) => `${path}:${line}`)
  const more = all > where.length ? [`and ${all - where.length} more`] : []
  return [
    'BEGIN:VEVENT',
    // Without the places: they come and go, the end stays.
    `UID:${hash128(`${scope}\n${summary}\n${day}`)}@autodevops`,
    `DTSTAMP:${compact(today)}T000000Z`,
    `DTSTART;VALUE=DATE:${compact(day)}`,
    `DTEND;VALUE=DATE:${compact(dayAfter(day))}`,
    `SUMMARY:${escapeText(summary)}`,
    `DESCRIPTION:${escapeText([`${counted(all, 'place')}:`, ...where, ...more, `Source: ${source}`].join('\n'))}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

const compact = (date: string): string => date.replaceAll('-', '')

const dayAfter = (date: string): string => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10)

/** A TEXT value: backslash, semicolon, comma and line break escaped, other control characters left out. */
function escapeText(text: string): string {
   
  return text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f]/g, '').replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** Never inside a character: a continued line begins with a blank, which counts. */
function fold(line: string): string {
  const encoder = new TextEncoder()
  let folded = ''
  let bytes = 0
  for (const character of line) {
    const size = encoder.encode(character).length
    if (bytes + size > MAX_LINE_BYTES) {
      folded += '\r\n '
      bytes = 1
    }
    folded += character
    bytes += size
  }
  return folded
}
