// Actions that install a tool, and the input that names its version.
import data from './tool-actions.json' with { type: 'json' }

export interface ToolAction {
  readonly input: string
  /** Further inputs that choose the version. */
  readonly others: readonly string[]
  /** Whether leaving all of them out means the newest version. */
  readonly isNewestByDefault: boolean
  /** The repository whose release tags the input takes; null where that is not known. */
  readonly tool: string | null
  /** Whether the input takes them without their `v`. */
  readonly isBare: boolean
}

const lines: Readonly<Record<string, string>> = data.actions

/** By `owner/repo` or `owner/repo/path`, compared without case. */
export function toolAction(name: string): ToolAction | undefined {
  const key = name.toLowerCase()
  const line = Object.hasOwn(lines, key) ? lines[key] : undefined
  if (line === undefined) return undefined
  const [inputs = '', ...words] = line.split(' ')
  const [input = '', ...others] = inputs.split('|')
  return { input, others, isNewestByDefault: words.includes('newest'), tool: words.find((word) => word.includes('/')) ?? null, isBare: words.includes('bare') }
}
