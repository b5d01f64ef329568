// From the text of a scalar to its value: the YAML 1.2 core schema, so `on`, `yes` and dates are strings.

export type ScalarValue = string | number | boolean | null

const OCTAL = /^0o[0-7]+$/
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/

/** A plain scalar's value. The first unit decides whether anything else is looked at: most scalars are plain words. */
export function resolvePlain(text: string): ScalarValue {
  const first = text.charCodeAt(0)
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) return resolveNumber(text)
  switch (first) {
    case 110: // n
    case 78: // N
      return text === 'null' || text === 'Null' || text === 'NULL' ? null : text
    case 116: // t
    case 84: // T
      return text === 'true' || text === 'True' || text === 'TRUE' ? true : text
    case 102: // f
    case 70: // F
      return text === 'false' || text === 'False' || text === 'FALSE' ? false : text
    default:
      return text === '' || text === '~' ? null : text
  }
}

/** The value of a tagged scalar: the core tags convert what fits them, `!` and every tag that is not known leave text. */
export function resolveTagged(tag: string, text: string): ScalarValue {
  const value = resolvePlain(text)
  switch (tag.startsWith(CORE_LONG) ? `!!${tag.slice(CORE_LONG.length, -1)}` : tag) {
    case '!!null':
      return value === null ? null : text
    case '!!bool':
      return typeof value === 'boolean' ? value : text
    case '!!int':
    case '!!float':
      return typeof value === 'number' ? value : text
    default:
      return text
  }
}

const CORE_LONG = '!<tag:yaml.org,2002:'

function resolveNumber(text: string): string | number {
  if (DECIMAL.test(text) || HEXADECIMAL.test(text) || OCTAL.test(text)) return Number(text)
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return NOT_A_NUMBER.test(text) ? NaN : text
}
