// Reads from the code host what changed in a repository's workflows between two commits, and which commit brought each change.
import { changesSince } from '../../analysis/drift/baseline-drift.ts'
import type { NotChecked } from '../../analysis/analyse.ts'
import { rankOf } from '../../analysis/finding.ts'
import { readChangedWorkflows } from '../../pull-request/changed-workflows.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { readCommitTree, type CommitTree, type RepositoryName } from '../../pull-request/commit-tree.ts'
import { eachOf } from '../../pull-request/read-repository.ts'
import { traceChanges, type ChangeCommit, type WorkflowChange } from '../../pull-request/trace-changes.ts'
import { createRoom, thatFit } from '../database/room.ts'
import { AppError } from '../errors.ts'

export interface TracedChange extends WorkflowChange {
  /** Null where it was not found out. */
  readonly origin: ChangeCommit | null
}

export interface ReadDrift {
  /** Most severe first, then by path. */
  readonly changes: readonly TracedChange[]
  /** Changes that found no room. */
  readonly unlisted: number
  readonly notChecked: readonly NotChecked[]
}

export interface Comparison {
  /** The accepted commit. */
  readonly from: string
  /** The newest one that was analysed. */
  readonly to: string
}

/** To find out who: one for the commits of each changed workflow, one for each commit that is looked at. */
const MOST_REQUESTS_WHO = 100
/** As JSON, of one repository. */
const MOST_CHARACTERS = 400_000

/** Throws COMMIT_NOT_FOUND, and what the code host answered. */
export async function readDrift(client: GithubClient, repository: RepositoryName, { from, to }: Comparison): Promise<ReadDrift> {
  const before = await treeOf(client, { repository, commit: from, gone: `the accepted commit ${from} is not at the code host any more; accept another state` })
  const after = await treeOf(client, { repository, commit: to, gone: `the commit ${to}, analysed last, is not at the code host any more; its branch is known again after the next analysis` })
  const { workflows, notChecked } = await readChangedWorkflows(client, repository, { before, after })
  const compared = workflows.map((workflow) => ({ ...workflow, changes: changesSince(workflow.before, workflow.after) }))
  const bySeverity = compared.filter(({ changes }) => changes.length > 0).sort((a, b) => gravestOf(b.changes) - gravestOf(a.changes))
  let left = MOST_REQUESTS_WHO
  const mayAsk = (): boolean => left-- > 0
  const traced = await eachOf(bySeverity, async (workflow): Promise<readonly TracedChange[]> => {
    const origins = await traceChanges(client, { repository, head: to, ...workflow, mayAsk })
    return workflow.changes.map((change, index) => ({ ...change, origin: origins[index] ?? null }))
  })
  const all = traced.flat().sort((a, b) => rankOf(b.severity) - rankOf(a.severity) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const changes = thatFit(all, createRoom(MOST_CHARACTERS))
  return { changes, unlisted: all.length - changes.length, notChecked }
}

const gravestOf = (changes: readonly WorkflowChange[]): number => Math.max(...changes.map(({ severity }) => rankOf(severity)))

interface NamedTree {
  readonly repository: RepositoryName
  readonly commit: string
  /** What to say when there is no such commit. */
  readonly gone: string
}

/** The code host's answers to a commit that it does not have. */
const NO_SUCH_COMMIT = [404, 409, 422]

async function treeOf(client: GithubClient, { repository, commit, gone }: NamedTree): Promise<CommitTree> {
  try {
    return await readCommitTree(client, { repository, commit, folders: [] })
  } catch (error) {
    if (NO_SUCH_COMMIT.includes(refusedStatus(error) ?? 0)) throw new AppError('COMMIT_NOT_FOUND', { detail: gone, cause: error })
    throw error
  }
}

/** Throws COMMIT_NOT_FOUND for one that is not part of the branch, such as a fork's, and what the code host answered. */
export async function confirmOnBranch(client: GithubClient, { owner, name }: RepositoryName, { commit, branch }: { readonly commit: string; readonly branch: string }): Promise<void> {
  const detail = `${commit} is no commit of ${branch}`
  try {
    const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead: `${commit}...${branch}`, per_page: 1 })
    if (data.status !== 'ahead' && data.status !== 'identical') throw new AppError('COMMIT_NOT_FOUND', { detail })
  } catch (error) {
    if (NO_SUCH_COMMIT.includes(refusedStatus(error) ?? 0)) throw new AppError('COMMIT_NOT_FOUND', { detail, cause: error })
    throw error
  }
}
