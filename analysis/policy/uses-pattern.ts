// Patterns for what `uses` names: `owner/repo`, with its folders; `owner/repo@ref`, that ref only; `*` stands for any text.
import type { Uses } from '../workflow/uses.ts'
import { matchesPattern } from './text-pattern.ts'

/** Compared without case. */
export function matchesUses({ text, name }: Pick<Uses, 'text' | 'name'>, pattern: string): boolean {
  const wanted = pattern.trim()
  if (wanted.includes('@')) return matchesPattern(wanted, text)
  return matchesPattern(wanted, name) || matchesPattern(`${wanted}/*`, name)
}
