// Actions that do what tools of the runner image do.
import data from './superfluous-actions.json' with { type: 'json' }

export interface Replaceable {
  /** The commands that do it: `gh release create`. */
  readonly commands: readonly string[]
  /** Whether they do only a part of it. */
  readonly isPartial: boolean
}

const lines: Readonly<Record<string, string>> = data.actions
const PART = 'part '

/** By `owner/repo`, compared without case. */
export function runnerAlternative(name: string): Replaceable | undefined {
  const key = name.toLowerCase()
  const line = Object.hasOwn(lines, key) ? lines[key] : undefined
  if (line === undefined) return undefined
  const isPartial = line.startsWith(PART)
  return { commands: (isPartial ? line.slice(PART.length) : line).split(', '), isPartial }
}
