// Reads a command's words by its option table. What node:util's parser tells apart it takes; every complaint is made here, because
// a message has to name the value, what is allowed and the near miss.
import { parseArgs } from 'node:util'
import type { Option, OptionTable, ValuesOf } from './options.ts'
import { isCalendarDay } from '../analysis/calendar-day.ts'
import { UsageError, unknownValue } from './usage-error.ts'

export interface ParsedOptions<T extends OptionTable> {
  readonly values: ValuesOf<T>
  /** Names of the options that were given: their values are no defaults. */
  readonly given: ReadonlySet<string>
  readonly positionals: readonly string[]
}

/** The last of a repeated option counts, unless it is a list. Throws UsageError. */
export function parseOptions<T extends OptionTable>(args: readonly string[], table: T): ParsedOptions<T> {
  const options = Object.fromEntries(Object.entries(table).map(([name, { kind }]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' } as const]))
  const { tokens, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true })
  const values: Record<string, string | boolean | readonly string[] | null> = {}
  for (const [name, spec] of Object.entries(table)) values[name] = spec.kind === 'choice' ? spec.default : spec.kind === 'flag' ? false : null
  const named = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined
    if (spec === undefined || !token.rawName.startsWith('--')) {
      throw unknownValue('option', token.rawName, Object.keys(table).map((name) => `--${name}`))
    }
    const given = token.value === undefined || (!token.inlineValue && token.value.startsWith('-')) ? null : token.value
    const [value, before] = [readValue(token.rawName, spec, given), values[token.name]]
    values[token.name] = spec.kind === 'list' ? [...((typeof before === 'object' ? before : null) ?? []), String(value)] : value
    named.add(token.name)
  }
  // The loop above filled each key with what its row of the table allows.
  return { values: values as ValuesOf<T>, given: named, positionals }
}

function readValue(option: string, spec: Option, given: string | null): string | boolean {
  if (spec.kind === 'flag') {
    if (given !== null) throw new UsageError(`${option} takes no value, but got '${given}'`)
    return true
  }
  if (given === null || (spec.kind === 'text' && given === '')) throw new UsageError(`${option} needs a value: ${wanted(spec)}`)
  if (spec.kind === 'text') return given
  if (spec.kind === 'list') {
    if (!spec.pattern.test(given)) throw new UsageError(`${option} is ${spec.wanted}, but got '${given}'`)
    return given
  }
  if (spec.kind === 'date') {
    if (!isCalendarDay(given)) throw new UsageError(`${option} needs a date of the calendar, YYYY-MM-DD, but got '${given}'`)
    return given
  }
  if (!spec.values.includes(given)) throw unknownValue(`value for ${option}`, given, spec.values)
  return given
}

function wanted(spec: Exclude<Option, { kind: 'flag' }>): string {
  switch (spec.kind) {
    case 'date': return 'a date, YYYY-MM-DD'
    case 'text': return spec.placeholder
    case 'list': return spec.wanted
    case 'choice': return spec.values.join(', ')
  }
}
