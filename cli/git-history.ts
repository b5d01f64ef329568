// What git knows of a repository: the CI files of an earlier commit, and who wrote which line since. Asks git.
import type { SourceFile } from '../analysis/analyse.ts'
import type { ChangeOrigin } from '../analysis/drift/baseline-drift.ts'
import type { World } from './world.ts'
import { isPipelinePath } from '../analysis/pipeline-path.ts'
import { UsageError } from './usage-error.ts'

export interface GitHistory {
  /** Every path of the commit, and its CI files. */
  readonly paths: readonly string[]
  readonly files: readonly SourceFile[]
  /** Who changed a line of the working tree since the commit, or else who changed its file last; null when nobody did. */
  originOf(path: string, line: number): ChangeOrigin | null
}

const DAY_S = 86_400
const UNCOMMITTED = /^0+$/

/** Throws UsageError: no git, no repository, no such ref. `option` is how the person named the ref. */
export function readGitHistory({ git, now }: Pick<World, 'git' | 'now'>, root: string, { ref, option }: { readonly ref: string; readonly option: string }): GitHistory {
  const ask = (...args: readonly string[]): string | null => {
    const answer = git(root, args)
    if (answer.status === 'missing') throw new UsageError(`${option} asks git, and there is no git on this machine`)
    return answer.status === 'done' ? answer.output : null
  }
  if (ask('rev-parse', '--git-dir') === null) throw new UsageError(`${option} needs a git repository, and '${root}' lies in none`)
  const commit = ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)?.trim()
  if (commit === undefined) throw new UsageError(`${option}: git knows no '${ref}' in '${root}'; a shallow clone may have to fetch it first`)
  const paths = (ask('ls-tree', '-r', '--name-only', '-z', commit) ?? '').split('\0').filter((path) => path !== '')
  const since = new Set((ask('rev-list', `${commit}..HEAD`) ?? '').split('\n'))
  const lines = new Map<string, ReadonlyMap<number, ChangeOrigin>>()
  const nowS = Math.floor(now().getTime() / 1000)
  return {
    paths,
    files: paths.filter(isPipelinePath).map((path) => {
      const text = ask('cat-file', 'blob', `${commit}:./${path}`)
      return text === null ? { path, error: 'git cannot show it' } : { path, text }
    }),
    originOf(path, line) {
      const known = lines.get(path) ?? readBlame(ask('blame', '--porcelain', '--', path) ?? '', nowS)
      lines.set(path, known)
      const origin = known.get(line)
      if (origin !== undefined && (origin.commit === null || since.has(origin.commit))) return origin
      const [last = '', author = '', time = ''] = (ask('log', '-1', '--format=%H%x00%an%x00%at', `${commit}..HEAD`, '--', path) ?? '').trim().split('\0')
      if (last !== '') return originAt(last, author, { time: Number(time), nowS })
      return [...known.values()].find((each) => each.commit === null) ?? null
    },
  }
}

function originAt(commit: string, author: string, { time, nowS }: { readonly time: number; readonly nowS: number }): ChangeOrigin {
  return { commit: UNCOMMITTED.test(commit) ? null : commit, author, date: new Date(time * 1000).toISOString().slice(0, 10), ageDays: Math.max(0, Math.floor((nowS - time) / DAY_S)) }
}

/** By line of the working tree. What git says of a commit it says once, before its first line. */
function readBlame(output: string, nowS: number): ReadonlyMap<number, ChangeOrigin> {
  const commits = new Map<string, { author: string; time: number }>()
  const origins = new Map<number, ChangeOrigin>()
  let commit = ''
  let line = 0
  for (const text of output.split('\n')) {
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(text)
    const about = commits.get(commit) ?? { author: '', time: 0 }
    if (text.startsWith('\t')) origins.set(line, originAt(commit, about.author, { time: about.time, nowS }))
    else if (header !== null) [, commit = '', line] = [header[0], header[1], Number(header[2])]
    else if (text.startsWith('author ')) commits.set(commit, { ...about, author: text.slice('author '.length) })
    else if (text.startsWith('author-time ')) commits.set(commit, { ...about, time: Number(text.slice('author-time '.length)) })
  }
  return origins
}
