// Patterns for names in the policy: `*` stands for any characters, case does not count.

/** Linear: each part between stars is looked for once, from left to right. */
export function matchesPattern(pattern: string, name: string): boolean {
  const text = name.toLowerCase()
  const parts = pattern.toLowerCase().split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text === first
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}
