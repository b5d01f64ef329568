// Reads the five fields of a cron schedule as GitHub does: numbers, names of months and days, lists, ranges and steps.
// Leaves out `@daily` and its like, and the characters L, W and #, which GitHub does not take.

export interface Cron {
  /** What is wrong, to follow the quoted schedule; null for a readable one. */
  readonly problem: string | null
  /** The shortest time between two runs, in minutes; 0 when it is not readable. */
  readonly interval: number
}

interface Field {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly words: readonly string[]
}

const FIELDS: readonly Field[] = [
  { name: 'minute', low: 0, high: 59, words: [] },
  { name: 'hour', low: 0, high: 23, words: [] },
  { name: 'day of the month', low: 1, high: 31, words: [] },
  { name: 'month', low: 1, high: 12, words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of the week', low: 0, high: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]

const HOUR = 60
const DAY = 24 * HOUR

export function readCron(text: string): Cron {
  const parts = text.trim().split(/\s+/)
  if (text.trim().startsWith('@')) return broken("is no schedule that GitHub takes; write the five fields, such as '17 3 * * *'")
  if (parts.length !== FIELDS.length) return broken(`has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}; a schedule has five: minute, hour, day of the month, month, day of the week`)
  const values: (readonly number[])[] = []
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? ''
    const numbers = readField(part, field)
    if (numbers === null) return broken(`has '${part}' as ${field.name}; use ${allowed(field)}, lists with ',', ranges with '-' and steps with '/'`)
    values.push(numbers)
  }
  return { problem: null, interval: shortestInterval(values[0] ?? [], values[1] ?? []) }
}

const broken = (problem: string): Cron => ({ problem, interval: 0 })

const allowed = ({ low, high, words }: Field): string => `${low} to ${high}${words.length === 0 ? '' : ` or ${words[0]?.toUpperCase()} to ${words.at(-1)?.toUpperCase()}`}`

/** Every number that the field stands for, ascending; null when it cannot be read. */
function readField(text: string, field: Field): readonly number[] | null {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(?:(\*)|([\da-z]+)(?:-([\da-z]+))?)(?:\/(\d+))?$/i.exec(part)
    if (match === null) return null
    const [, star, first = '', last, step] = match
    const from = star === undefined ? numberOf(first, field) : field.low
    const to = star !== undefined || (last === undefined && step !== undefined) ? field.high : numberOf(last ?? first, field)
    const by = step === undefined ? 1 : Number(step)
    if (from === null || to === null || from > to || by < 1) return null
    for (let number = from; number <= to; number += by) numbers.add(number)
  }
  return [...numbers].sort((a, b) => a - b)
}

function numberOf(word: string, { low, high, words }: Field): number | null {
  const place = words.indexOf(word.toLowerCase())
  if (place !== -1) return low + place
  const number = /^\d+$/.test(word) ? Number(word) : NaN
  return number >= low && number <= high ? number : null
}

/** Within a day on which it runs, and over midnight: the days themselves only make it rarer. */
function shortestInterval(minutes: readonly number[], hours: readonly number[]): number {
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * HOUR + minute))
  const [first = 0] = times
  return Math.min(DAY - (times.at(-1) ?? 0) + first, ...times.slice(1).map((time, index) => time - (times[index] ?? 0)))
}
