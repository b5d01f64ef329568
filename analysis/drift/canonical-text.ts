// One text for everything that means the same: quotes, indentation, comments, key order, anchors, block or flow style, and the short
// and long forms that GitHub reads alike. What an alias names is read once, so an alias bomb costs nothing.
import type { MappingNode, Pair, ScalarNode, SequenceNode, YamlNode } from '../source/node.ts'
import { hash128 } from '../fingerprint.ts'
import { resolve } from '../workflow/nodes.ts'

/** One text there is a list of one. */
export const LIST_KEYS: ReadonlySet<string> = new Set([
  'branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore', 'types', 'workflows', 'needs', 'runs-on', 'labels',
])
/** One text there is a map with this key. */
const SHORT_FORMS: Readonly<Record<string, string>> = { environment: 'name', concurrency: 'group', container: 'image' }
/** Longer texts are kept as their hash, so that every node costs the same. */
const LONGEST = 200

const known = new WeakMap<YamlNode, string>()

/** Equal for values that mean the same; absent, null, `{}` and `[]` are the empty text. */
export function canonicalText(node: YamlNode | null | undefined): string {
  const value = node === null || node === undefined ? null : resolve(node)
  if (value === null) return ''
  if (value.kind === 'scalar') return canonicalScalar(value)
  let text = known.get(value)
  if (text === undefined) {
    const parts = value.kind === 'mapping' ? mapParts(value) : value.items.map((item) => JSON.stringify(canonicalText(item)))
    text = parts.length === 0 ? '' : `${value.kind === 'mapping' ? '{' : '['}${parts.join()}`
    if (text.length > LONGEST) text = `#${hash128(text)}`
    known.set(value, text)
  }
  return text
}

/** The value below a key, whose name says which forms mean the same. */
export function canonicalValue({ key, value }: Pick<Pair, 'key' | 'value'>): string {
  const text = canonicalText(value)
  const node = resolve(value)
  if (node === null) return text
  if (key.text === 'on') return canonicalTriggers(node)
  if (key.text === 'if' && node.kind === 'scalar') return bareExpression(text)
  if (node.kind === 'sequence' && LIST_KEYS.has(key.text)) return canonicalSet(node)
  if (node.kind !== 'scalar' || text === '') return text
  if (LIST_KEYS.has(key.text)) return `[${JSON.stringify(text)}`
  const longForm = Object.hasOwn(SHORT_FORMS, key.text) ? SHORT_FORMS[key.text] : undefined
  return longForm === undefined ? text : `{${JSON.stringify(longForm)}:${JSON.stringify(text)}`
}

/** `${{ x }}` as a whole is `x`: what a condition means. */
function bareExpression(text: string): string {
  const trimmed = text.trim()
  const isWhole = trimmed.startsWith('${{') && trimmed.indexOf('}}') === trimmed.length - 2
  return isWhole ? trimmed.slice(3, -2).trim() : trimmed
}

const mapParts = ({ pairs }: MappingNode): string[] => pairs.map((pair) => `${JSON.stringify(pair.key.text)}:${JSON.stringify(canonicalValue(pair))}`).sort()

/** The order counts only where a pattern takes back what one before it matched. */
function canonicalSet({ items }: SequenceNode): string {
  const texts = items.map(canonicalText)
  const parts = texts.some((text) => text.startsWith('!')) ? texts : [...new Set(texts)].sort()
  return parts.length === 0 ? '' : `[${parts.map((text) => JSON.stringify(text)).join()}`
}

function canonicalTriggers(node: NonNullable<ReturnType<typeof resolve>>): string {
  if (node.kind === 'mapping') return canonicalText(node)
  const names = node.kind === 'scalar' ? [canonicalScalar(node)] : node.items.map(canonicalText)
  return `{${names.map((name) => `${JSON.stringify(name)}:""`).sort().join()}`
}

function canonicalScalar({ value, text }: ScalarNode): string {
  if (value === null) return ''
  // A number beyond what JavaScript holds stays as it is written.
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : String(value)
  return typeof value === 'boolean' ? String(value) : withPlainBraces(value.trimEnd())
}

/** `${{x}}` as `${{ x }}`. */
function withPlainBraces(text: string): string {
  const [head = '', ...parts] = text.split('${{')
  return head + parts.map((part) => {
    const end = part.indexOf('}}')
    return end < 0 ? `\${{${part}` : `\${{ ${part.slice(0, end).trim()} ${part.slice(end)}`
  }).join('')
}
