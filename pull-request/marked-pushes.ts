// The memory of a caller that keeps none between its runs. Before a pull request's branch moves, its marker names the commit that
// comes; a branch without a pull request is ours when its commit is, byte for byte, what the plan makes of its parent. A commit
// that cannot be known for certain is somebody else's: the worst that forgetting can do is to leave a branch alone.
import { gitBlobId } from './blob-id.ts'
import type { GithubClient } from './client.ts'
import { readCommitTree } from './commit-tree.ts'
import type { RepositoryName, TreeEntry } from './commit-tree.ts'
import { replaceFixMarker } from './fix-marker.ts'
import type { FixPlan, Pushes } from './fix-pull-request.ts'

interface Parts {
  readonly client: GithubClient
  readonly repository: RepositoryName
  readonly plan: FixPlan
}

export function createMarkedPushes(parts: Parts): Pushes {
  const { client, repository: { owner, name } } = parts
  return {
    record: async ({ to }, open) => {
      if (!open?.marker) return
      await client.rest.pulls.update({ owner, repo: name, pull_number: open.number, body: replaceFixMarker(open.body, { ...open.marker, next: to }) })
    },
    find: async (commits) => {
      const found: { from: string | null; to: string }[] = []
      for (const commit of commits) {
        const from = await parentOfPlanned(parts, commit)
        // The caller needs all of them or none.
        if (from === null) break
        found.push({ from, to: commit })
      }
      return found
    },
  }
}

/** The first parent of a commit that is exactly what the plan makes of one of its parents, under the plan's message; else null. */
async function parentOfPlanned({ client, repository, plan }: Parts, commit: string): Promise<string | null> {
  const { data } = await client.rest.git.getCommit({ owner: repository.owner, repo: repository.name, commit_sha: commit })
  const [first] = data.parents
  if (first === undefined || data.message.trim() !== plan.commitMessage.trim()) return null
  const folders = plan.changes.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  const made = await readCommitTree(client, { repository, commit, folders })
  for (const { sha } of data.parents) {
    const parent = await readCommitTree(client, { repository, commit: sha, folders })
    if (made.complete && parent.complete && isSame(made.entries, withChanges(parent.entries, plan))) return first.sha
  }
  return null
}

type Entries = ReadonlyMap<string, Pick<TreeEntry, 'mode' | 'sha'>>

const withChanges = (entries: Entries, { changes }: FixPlan): Entries =>
  new Map([...entries, ...changes.map(({ path, mode, text }) => [path, { mode, sha: gitBlobId(text) }] as const)])

const isSame = (one: Entries, other: Entries): boolean =>
  one.size === other.size && [...one].every(([path, { mode, sha }]) => other.get(path)?.mode === mode && other.get(path)?.sha === sha)
