// Repositories that are archived: what they hold is not repaired any more.
import data from './archived-actions.json' with { type: 'json' }

const successors: Readonly<Record<string, readonly string[]>> = data.successors
let names: ReadonlySet<string> | null = null

/** `owner/repo`, compared without case. */
export function isArchived(repository: string): boolean {
  names ??= new Set(data.names)
  return names.has(repository.toLowerCase())
}

/** Actions that the archived repository itself, or GitHub, names in its place. */
export function successorsOf(repository: string): readonly string[] {
  const key = repository.toLowerCase()
  return Object.hasOwn(successors, key) ? (successors[key] ?? []) : []
}
