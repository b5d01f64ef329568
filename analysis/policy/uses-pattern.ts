// Patterns for what `uses` names: `owner/repo`, with its folders; `owner/repo@ref`, that ref only; `*` stands for any text.
import type { Uses } from '../workflow/uses.ts'

/** Compared without case. */
export function matchesUses({ text, name }: Pick<Uses, 'text' | 'name'>, pattern: string): boolean {
  const wanted = pattern.trim().toLowerCase()
  if (wanted.includes('@')) return matches(text.toLowerCase(), wanted)
  const plain = name.toLowerCase()
  return matches(plain, wanted) || matches(plain, `${wanted}/*`)
}

/** Each part between stars is looked for once, from left to right. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text === pattern
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}
