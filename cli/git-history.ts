// What git knows of a repository: the CI files of an earlier commit, and who wrote which line since. Asks git.
import type { SourceFile } from '../analysis/analyse.ts'
import type { ChangeOrigin } from '../analysis/drift/baseline-drift.ts'
import type { World } from './world.ts'
import { isPipelinePath } from '../analysis/pipeline-path.ts'
import { askingGit, isShallow, resolveCommit, type NamedCommit } from './ask-git.ts'

export interface GitHistory {
  /** Every path of the commit, and its CI files. */
  readonly paths: readonly string[]
  readonly files: readonly SourceFile[]
  /** Who changed a line of the working tree since the commit, or else who changed its file last; null when nobody did. */
  originOf(path: string, line: number): ChangeOrigin | null
}

const DAY_S = 86_400
const UNCOMMITTED = /^0+$/

/** Throws UsageError as resolveCommit does. */
export function readGitHistory(world: Pick<World, 'git' | 'now'>, root: string, named: NamedCommit): GitHistory {
  const commit = resolveCommit(world, root, named)
  const ask = askingGit(world, root, named.option)
  const paths = (ask('ls-tree', '-r', '--name-only', '-z', commit) ?? '').split('\0').filter((path) => path !== '')
  const since = new Set((ask('rev-list', `${commit}..HEAD`) ?? '').split('\n'))
  // Where a shallow clone ends, a commit seems to have made everything that it holds.
  if (isShallow(ask)) for (const end of (ask('rev-list', '--max-parents=0', 'HEAD') ?? '').split('\n')) since.delete(end)
  const lines = new Map<string, ReadonlyMap<number, ChangeOrigin>>()
  const nowS = Math.floor(world.now().getTime() / 1000)
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
      if (last !== '') return since.has(last) ? originAt(last, author, { time: Number(time), nowS }) : null
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
