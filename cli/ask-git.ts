// Questions to git that several options put, and what is wrong where git has no answer.
import type { World } from './world.ts'
import { UsageError } from './usage-error.ts'

/** What git prints; null where it refuses. */
export type AskGit = (...args: readonly string[]) => string | null

/** A commit as a person or a file names it. */
export interface NamedCommit {
  readonly ref: string
  /** The option or the file that names it. */
  readonly option: string
  /** What to do when git knows none of this name. Default: to name another. */
  readonly wayOut?: string
}

/** Its answers throw UsageError on a machine without git. */
export function askingGit({ git }: Pick<World, 'git'>, root: string, option: string): AskGit {
  return (...args) => {
    const answer = git(root, args)
    if (answer.status === 'missing') throw new UsageError(`${option} asks git, and there is no git on this machine`)
    return answer.status === 'done' ? answer.output : null
  }
}

/** The commit's id. Throws UsageError: no git, no repository, no such ref. */
export function resolveCommit(world: Pick<World, 'git'>, root: string, { ref, option, wayOut = 'name a commit, branch or tag that it has' }: NamedCommit): string {
  const ask = askingGit(world, root, option)
  if (ask('rev-parse', '--git-dir') === null) throw new UsageError(`${option} needs a git repository, and '${root}' lies in none`)
  const commit = ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)?.trim()
  if (commit !== undefined) return commit
  throw new UsageError(`${option}: git knows no '${ref}' in '${root}'; ${isShallow(ask) ? "this clone is shallow: 'git fetch --unshallow' brings the rest, as does 'fetch-depth: 0' of actions/checkout" : wayOut}`)
}

/** Whether the history was cut when it was cloned. */
export const isShallow = (ask: AskGit): boolean => ask('rev-parse', '--is-shallow-repository')?.trim() === 'true'
