// A merge commit of two branches as they are now: what the head changed since they parted is put on the base's tree.
// Leaves out conflicts inside a file: the head's version wins.
import type { Repository } from './repositories.ts'

interface BranchEnd {
  readonly ref: string
  readonly sha: string
}

interface ChangedFile {
  readonly filename: string
  readonly previous_filename?: string
  readonly status: string
  readonly sha: string
}

/** Merges `head` into the branch `base`, and returns the merge commit's sha. */
export async function mergeBranches(repository: Repository, merge: { head: BranchEnd; base: BranchEnd; message: string }): Promise<string> {
  const { home, fullName } = repository
  const { head, base } = merge
  const { files } = await home.tell<{ files: ChangedFile[] }>({ method: 'GET', path: `/repos/${fullName}/compare/${base.sha}...${head.sha}` })
  const { tree } = await home.tell<{ tree: { sha: string } }>({ method: 'GET', path: `/repos/${fullName}/git/commits/${base.sha}` })
  const entries = files.flatMap((file) => [
    ...(file.previous_filename ? [entry(file.previous_filename, null)] : []),
    entry(file.filename, file.status === 'removed' ? null : file.sha),
  ])
  const merged = { base_tree: tree.sha, tree: entries }
  const { sha: mergedTree } = await home.tell<{ sha: string }>({ method: 'POST', path: `/repos/${fullName}/git/trees`, body: merged })
  const body = { message: merge.message, tree: mergedTree, parents: [base.sha, head.sha] }
  const { sha } = await home.tell<{ sha: string }>({ method: 'POST', path: `/repos/${fullName}/git/commits`, body })
  await home.tell({ method: 'PATCH', path: `/repos/${fullName}/git/refs/heads/${base.ref}`, body: { sha } })
  return sha
}

function entry(path: string, sha: string | null): object {
  return { path, mode: '100644', type: 'blob', sha }
}
