// Writes a workflow in another way that means the same: key order, indentation, quotes, block and flow style, comments, anchors, and
// the short and long forms that GitHub reads alike. The same seed gives the same text.
import { parse, stringify } from 'yaml'

type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
type Random = () => number

/** One text or a list of one. */
const LISTS = new Set(['branches', 'branches-ignore', 'tags', 'paths', 'paths-ignore', 'types', 'needs', 'runs-on'])
const SHORT: Readonly<Record<string, string>> = { environment: 'name', concurrency: 'group', container: 'image' }

export function reformat(text: string, seed: number): string {
  const random = createRandom(seed)
  const value = withOtherForms(parse(text, { version: '1.2' }) as Value, random)
  const written = writerFor(value, random)
  return `${random() < 0.5 ? '# reformatted\n' : ''}${random() < 0.3 ? '---\n' : ''}${written.trimStart()}${random() < 0.8 ? '\n' : ''}`
}

/** Numbers from 0 to 1, exclusive (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const isMap = (value: Value): value is Record<string, Value> => typeof value === 'object' && value !== null && !Array.isArray(value)

function withOtherForms(value: Value, random: Random, key = ''): Value {
  if (Array.isArray(value)) {
    if (LISTS.has(key)) return value.length === 1 && random() < 0.5 ? (value[0] ?? null) : shuffled(value, random)
    return value.map((item) => withOtherForms(item, random))
  }
  if (isMap(value)) {
    const names = shuffled(Object.keys(value), random)
    if (key === 'on' && names.every((name) => value[name] === null) && random() < 0.7) return names.length === 1 && random() < 0.5 ? (names[0] ?? null) : names
    return Object.fromEntries(names.map((name) => [name, withOtherForms(value[name] ?? null, random, name)]))
  }
  if (typeof value !== 'string') return value
  if (LISTS.has(key) && random() < 0.5) return [value]
  const long = SHORT[key]
  if (long !== undefined && random() < 0.5) return { [long]: value }
  if (key === 'if' && random() < 0.5) return value.startsWith('${{') ? value.slice(3, -2).trim() : `\${{${random() < 0.5 ? ' ' : '  '}${value} }}`
  if (key === 'run' && random() < 0.5) return `${value.trimEnd()}\n`
  return value.replace(/\$\{\{\s*/g, random() < 0.5 ? '${{' : '${{  ')
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list.map((item) => [random(), item] as const).sort(([a], [b]) => a - b).map(([, item]) => item)
}

function writerFor(root: Value, random: Random): string {
  const counts = new Map<string, number>()
  const count = (value: Value): void => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(count)
    counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1)
  }
  count(root)
  const anchors = new Map<string, string>()
  const step = 2 + Math.floor(random() * 3)

  /** What stands before a value: an anchor for what comes again, or the alias in its place. */
  const reference = (value: Value): { alias: string | null; anchor: string } => {
    const key = JSON.stringify(value)
    const known = anchors.get(key)
    if (known !== undefined) return { alias: random() < 0.7 ? `*${known}` : null, anchor: '' }
    if (value === null || (counts.get(key) ?? 0) < 2 || random() < 0.5) return { alias: null, anchor: '' }
    anchors.set(key, `a${anchors.size}`)
    return { alias: null, anchor: `&a${anchors.size - 1} ` }
  }
  const comment = (): string => (random() < 0.15 ? ' # said beside it' : '')
  const commentLine = (indent: number): string => (random() < 0.1 ? `${' '.repeat(indent)}# said above it\n` : '') + (random() < 0.1 ? '\n' : '')

  const inline = (value: Value): string => {
    const { alias, anchor } = reference(value)
    if (alias !== null) return `${alias} `
    if (Array.isArray(value)) return `${anchor}[${value.map(inline).join(', ')}]`
    if (isMap(value)) return `${anchor}{${Object.entries(value).map(([key, each]) => `${keyText(key)}: ${inline(each)}`).join(', ')}}`
    return anchor + scalar(value, random, true)
  }
  const keyText = (key: string): string => (random() < 0.1 ? JSON.stringify(key) : key)

  /** Everything behind the colon or the dash; ends with a line break. */
  const block = (value: Value, indent: number): string => {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'string' && value.includes('\n') && !/^\s|[^\S\n]\n/.test(value) && random() < 0.7) {
        const lines = value.replace(/\n$/, '').split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent + step) + line))
        return ` ${value.endsWith('\n') ? '|' : '|-'}\n${lines.join('\n')}\n`
      }
      const { alias, anchor } = reference(value)
      return ` ${alias ?? anchor + scalar(value, random, false)}${comment()}\n`
    }
    if (random() < 0.2 || Object.keys(value).length === 0) return ` ${inline(value)}${comment()}\n`
    const { alias, anchor } = reference(value)
    if (alias !== null) return ` ${alias}${comment()}\n`
    return `${anchor === '' ? '' : ` ${anchor.trimEnd()}`}${comment()}\n${Array.isArray(value) ? sequence(value, indent) : mapping(value, indent + step)}`
  }
  const mapping = (value: Record<string, Value>, indent: number): string =>
    Object.entries(value).map(([key, each]) => `${commentLine(indent)}${' '.repeat(indent)}${keyText(key)}:${block(each, indent)}`).join('')
  const sequence = (items: readonly Value[], indent: number): string => {
    const margin = indent + (random() < 0.5 ? 0 : step)
    return items.map((item) => {
      if (!isMap(item) || random() < 0.2) return `${commentLine(margin)}${' '.repeat(margin)}-${Array.isArray(item) ? ` ${inline(item)}\n` : isMap(item) ? ` ${inline(item)}\n` : block(item, margin)}`
      const lines = mapping(item, margin + 2)
      // The first key goes beside the dash, unless a comment comes first.
      return /^\s*(?:#|\n)/.test(lines) ? `${' '.repeat(margin)}-\n${lines}` : `${' '.repeat(margin)}-${lines.slice(margin + 1)}`
    }).join('')
  }
  return isMap(root) ? mapping(root, 0) : inline(root)
}

function scalar(value: string | number | boolean | null, random: Random, isInline: boolean): string {
  if (value === null) return isInline || random() < 0.5 ? 'null' : ''
  if (typeof value !== 'string') return String(value)
  const style = random()
  if (style < 0.3) return JSON.stringify(value)
  if (style < 0.6 && !value.includes('\n')) return `'${value.replaceAll("'", "''")}'`
  const plain = stringify(value, { lineWidth: 0 }).trimEnd()
  const isPlain = plain === value && !/[[\]{},]/.test(isInline ? value : '')
  return isPlain ? value : JSON.stringify(value)
}
