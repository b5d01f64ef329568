// The git side of a fix pull request: reads heads, makes one commit of inline file contents, moves our branch forward.
// A branch is only ever created or fast-forwarded; nothing here can overwrite a commit.
import type { GithubClient } from './client.ts'
import { CodeHostError } from './code-host-error.ts'
import { codeHostFailure, refusalSays, refusedStatus } from './code-host-failure.ts'
import type { RepositoryName } from './commit-tree.ts'
import { changesWorkflows } from './fix-plan.ts'

/** The beginning of the name of each of our branches, of any repository and default branch. */
export const FIX_BRANCH_PREFIX = 'autodevops/fix-'

/** Where the fixes of a default branch are proposed from. */
export const fixBranchOf = (defaultBranch: string): string => `${FIX_BRANCH_PREFIX}${defaultBranch}`

export interface FileChange {
  readonly path: string
  /** `100644` or `100755`, as it was. */
  readonly mode: string
  readonly text: string
}

export interface FixCommit {
  readonly parents: readonly string[]
  readonly tree: string
  readonly message: string
}

/** The branch's commit, or null when there is no such branch. */
export async function readHead(client: GithubClient, { owner, name }: RepositoryName, branch: string): Promise<string | null> {
  try {
    return (await client.rest.git.getRef({ owner, repo: name, ref: `heads/${branch}` })).data.object.sha
  } catch (error) {
    // An empty repository answers 409.
    if (refusedStatus(error) === 404 || refusedStatus(error) === 409) return null
    throw error
  }
}

export async function treeOf(client: GithubClient, { owner, name }: RepositoryName, commit: string): Promise<string> {
  return (await client.rest.git.getCommit({ owner, repo: name, commit_sha: commit })).data.tree.sha
}

/** The base commit's tree with the changed files in it. The first write of all: what is forbidden shows here and leaves no trace. */
export async function createTree(
  client: GithubClient,
  { owner, name }: RepositoryName,
  { base, changes }: { readonly base: string; readonly changes: readonly FileChange[] },
): Promise<string> {
  const baseTree = await treeOf(client, { owner, name }, base)
  const tree = changes.map(({ path, mode, text }) => ({ path, mode: mode as '100644' | '100755', type: 'blob' as const, content: text }))
  try {
    return (await client.rest.git.createTree({ owner, repo: name, base_tree: baseTree, tree })).data.sha
  } catch (error) {
    const refused = refusedStatus(error) === 403 || refusedStatus(error) === 404
    if (refused && refusalSays(error, /resource not accessible|workflow/i) && changesWorkflows({ changes })) {
      throw new CodeHostError('WORKFLOWS_PERMISSION_MISSING', { cause: error })
    }
    throw codeHostFailure(error)
  }
}

/** Sends no author and no committer: then the code host signs the commit as the token's owner. */
export async function createCommit(client: GithubClient, { owner, name }: RepositoryName, commit: FixCommit): Promise<string> {
  const { message, tree, parents } = commit
  return (await client.rest.git.createCommit({ owner, repo: name, message, tree, parents: [...parents] })).data.sha
}

/** Throws BRANCH_MOVED when somebody was faster, BRANCH_PROTECTED when a rule forbids it. */
export async function pushHead(
  client: GithubClient,
  { owner, name }: RepositoryName,
  { branch, from, to }: { readonly branch: string; readonly from: string | null; readonly to: string },
): Promise<void> {
  try {
    if (from === null) await client.rest.git.createRef({ owner, repo: name, ref: `refs/heads/${branch}`, sha: to })
    else await client.rest.git.updateRef({ owner, repo: name, ref: `heads/${branch}`, sha: to, force: false })
  } catch (error) {
    const status = refusedStatus(error)
    if (status === 422 && refusalSays(error, /already exists|not a fast.forward|reference does not exist/i)) {
      throw new CodeHostError('BRANCH_MOVED', { cause: error })
    }
    if ((status === 422 || status === 403 || status === 409) && refusalSays(error, /protected|rule violation/i)) {
      throw new CodeHostError('BRANCH_PROTECTED', { detail: branch, cause: error })
    }
    if (status === 422 || status === 409) throw new CodeHostError('PULL_REQUEST_REFUSED', { detail: `the branch ${branch} cannot be written`, cause: error })
    throw codeHostFailure(error)
  }
}
