// What is known of popular actions: the runtime, newest release, commit and inputs behind each version that people write.
// One line per action is read when it is asked for. Null means not known, never no.
import data from './actions.json' with { type: 'json' }

export interface ActionInput {
  readonly name: string
  /** Required, and without a default. */
  readonly isRequired: boolean
  /** The action itself calls it so. */
  readonly isDeprecated: boolean
}

export interface ActionVersion {
  /** What a user writes behind the `@`: `v4`, `stable`, `v3.0.0`. */
  readonly label: string
  /** `node24`, `composite`, `docker`; `older` is some Node before 20, `plugin` code of the runner itself. */
  readonly runtime: string | null
  /** The newest release of that label, and its commit. */
  readonly tag: string | null
  readonly commit: string | null
  /** The day on which that release existed at the latest, YYYY-MM-DD. */
  readonly date: string | null
  /** Whether the label is a tag that moves with its releases, or a branch. */
  readonly moves: 'tag' | 'branch' | null
  readonly inputs: readonly ActionInput[] | null
}

const lines: Readonly<Record<string, string>> = data.actions
const read = new Map<string, readonly ActionVersion[]>()

/** Versions of `owner/repo` or `owner/repo/path`, compared without case; empty for an action that is not listed. */
export function versionsOf(name: string): readonly ActionVersion[] {
  const key = name.toLowerCase()
  let versions = read.get(key)
  if (versions === undefined) {
    const line = Object.hasOwn(lines, key) ? lines[key] : undefined
    if (line === undefined) return []
    versions = readLine(line)
    read.set(key, versions)
  }
  return versions
}

function readLine(line: string): readonly ActionVersion[] {
  const inputs = new Map<string, readonly ActionInput[] | null>()
  return line.split(' | ').map((entry) => {
    const [label = '', runtime = '-', tag = '-', commit = '-', date = '-', moves = '-', list = '-'] = entry.split(' ')
    inputs.set(label, list.startsWith('=') ? (inputs.get(list.slice(1)) ?? null) : readInputs(list))
    return {
      label, runtime: known(runtime), tag: known(tag), commit: known(commit), date: known(date),
      moves: moves === 'm' ? 'tag' : moves === 'b' ? 'branch' : null,
      inputs: inputs.get(label) ?? null,
    }
  })
}

const known = (word: string): string | null => (word === '-' ? null : word)

function readInputs(list: string): readonly ActionInput[] | null {
  if (list === '-') return null
  if (list === '.') return []
  return list.split(',').map((word) => ({ name: word.replace(/[!~]+$/, ''), isRequired: word.includes('!'), isDeprecated: word.endsWith('~') }))
}
