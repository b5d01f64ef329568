// Which golden workflows are meant for a repository, and their texts. An entry whose condition cannot be judged is left out and named.
import type { NotChecked, SourceFile } from '../analyse.ts'
import type { GoldenWorkflow, Policy } from '../policy/policy.ts'
import { detectStack } from '../generate/detect-stack.ts'
import { matchesPath } from '../policy/path-glob.ts'
import { matchesPattern } from '../policy/text-pattern.ts'

export interface RepositoryProfile {
  /** `owner/name`; null where nobody said it. */
  readonly name: string | null
  readonly topics: readonly string[] | null
  readonly paths: readonly string[] | null
}

export interface SelectedGolden {
  readonly policy: Policy
  readonly notChecked: readonly NotChecked[]
}

/** `read` gives the text of a golden workflow by the path in the policy. */
export function selectGolden(policy: Policy, profile: RepositoryProfile, read: (path: string) => SourceFile): SelectedGolden {
  const notChecked: NotChecked[] = []
  const skip = ({ file }: GoldenWorkflow, reason: string): [] => {
    notChecked.push({ what: `the golden workflow ${file}`, reason, count: 1 })
    return []
  }
  const workflows = policy.golden.workflows.flatMap((golden): readonly GoldenWorkflow[] => {
    const answers = conditionsOf(golden, profile)
    const unknown = answers.find(({ holds }) => holds === null)
    if (answers.some(({ holds }) => holds === false)) return []
    if (unknown !== undefined) return skip(golden, `the repository's ${unknown.what} not known here`)
    if (golden.text !== null) return [golden]
    const source = read(golden.file)
    return 'text' in source ? [{ ...golden, text: source.text }] : skip(golden, `it cannot be read: ${source.error}`)
  })
  return { policy: { ...policy, golden: { ...policy.golden, workflows } }, notChecked }
}

interface Condition {
  readonly what: string
  readonly holds: boolean | null
}

function conditionsOf({ stacks, topics, repositories, paths }: GoldenWorkflow, profile: RepositoryProfile): readonly Condition[] {
  const one = <T>(wanted: readonly string[], given: readonly T[] | null, matches: (wish: string, value: T) => boolean): boolean | null =>
    wanted.length === 0 ? true : given && wanted.some((wish) => given.some((value) => matches(wish, value)))
  return [
    { what: 'files are', holds: one(stacks, stacks.length > 0 && profile.paths !== null ? [...detectStack(new Set(profile.paths)).kinds.keys()] : null, (wish, stack) => wish.toLowerCase() === stack) },
    { what: 'topics are', holds: one(topics, profile.topics, (wish, topic) => wish.toLowerCase() === topic.toLowerCase()) },
    { what: 'name is', holds: one(repositories, profile.name === null ? null : [profile.name], matchesPattern) },
    { what: 'files are', holds: one(paths, profile.paths, (wish, path) => matchesPath([wish], path)) },
  ]
}
