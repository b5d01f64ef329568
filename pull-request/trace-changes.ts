// Which commit brought a change of a workflow: the path's commits are walked from the newest to the oldest, and a change belongs to the one
// before which it was not there.
import { changesSince, type BaselineChange } from '../analysis/drift/baseline-drift.ts'
import { decodeText } from '../analysis/source/decode.ts'
import { createPipelineFile, type PipelineFile } from '../analysis/workflow/pipeline-file.ts'
import type { GithubClient } from './client.ts'
import { refusedStatus } from './code-host-failure.ts'
import type { RepositoryName } from './commit-tree.ts'

export interface ChangeCommit {
  readonly commit: string
  /** As the commit says, which anybody may have written. */
  readonly author: string
  readonly at: Date
}

export type WorkflowChange = Omit<BaselineChange, 'origin'>

export interface Traced {
  readonly repository: RepositoryName
  /** The commit that has the changes. */
  readonly head: string
  readonly path: string
  /** The workflow without them; null where there was none. */
  readonly before: PipelineFile | null
  readonly changes: readonly WorkflowChange[]
  /** Asked before each request; false when there may be no more, and what is not traced by then stays unknown. */
  readonly mayAsk: () => boolean
}

/** One page of a path's commits. */
const MOST_COMMITS = 100

/** In the order of the changes; null where it was not found out. Throws the code host's error. */
export async function traceChanges(client: GithubClient, traced: Traced): Promise<readonly (ChangeCommit | null)[]> {
  const { changes, mayAsk } = traced
  const found = new Map<WorkflowChange, ChangeCommit | null>()
  const left = new Set(changes)
  const commits = mayAsk() ? await listCommits(client, traced) : []
  for (const [index, commit] of commits.entries()) {
    const earlier = commits[index + 1]
    // A page that is not full goes back to where the path began.
    if (left.size === 0 || (earlier === undefined ? commits.length === MOST_COMMITS : !mayAsk())) break
    const were = earlier === undefined ? new Set<string>() : await changesAt(client, traced, earlier.sha)
    for (const change of left) {
      if (were.has(keyOf(change))) continue
      found.set(change, commit.origin)
      left.delete(change)
    }
  }
  return changes.map((change) => found.get(change) ?? null)
}

/** A change says the same on whatever line it stands. */
const keyOf = ({ kind, place, text }: WorkflowChange): string => JSON.stringify([kind, place, text])

/** Those that touched the path, newest first. */
async function listCommits(client: GithubClient, { repository: { owner, name }, head, path }: Traced): Promise<readonly { readonly sha: string; readonly origin: ChangeCommit | null }[]> {
  const { data } = await client.rest.repos.listCommits({ owner, repo: name, sha: head, path, per_page: MOST_COMMITS })
  return data.map(({ sha, commit: { author, committer } }) => {
    const at = new Date(author?.date ?? committer?.date ?? NaN)
    return { sha, origin: Number.isNaN(at.getTime()) ? null : { commit: sha, author: author?.name ?? committer?.name ?? '', at } }
  })
}

/** What was changed already at another commit, as keys. */
async function changesAt(client: GithubClient, { repository: { owner, name }, path, before }: Traced, commit: string): Promise<ReadonlySet<string>> {
  const text = await readText(client, { owner, repo: name, path, ref: commit })
  return new Set(changesSince(before, text === null ? null : createPipelineFile(path, text)).map(keyOf))
}

/** Null where the commit has no such file, or none that is read. */
async function readText(client: GithubClient, file: { readonly owner: string; readonly repo: string; readonly path: string; readonly ref: string }): Promise<string | null> {
  try {
    const { data } = await client.rest.repos.getContent(file)
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) return null
    const decoded = decodeText(Buffer.from(data.content, 'base64'))
    return 'text' in decoded ? decoded.text : null
  } catch (error) {
    if (refusedStatus(error) === 404) return null
    throw error
  }
}
