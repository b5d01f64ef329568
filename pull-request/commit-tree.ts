// Lists a commit's tree in one call. Where GitHub cuts the list (more than 100,000 entries or 7 MB), it walks only the folders
// that may hold CI files, and says so: `complete` is false then.
import type { GithubClient } from './client.ts'

export interface RepositoryName {
  readonly owner: string
  readonly name: string
}

export interface TreeEntry {
  readonly mode: string
  readonly type: string
  readonly sha: string
  /** Bytes; null for what has none. */
  readonly size: number | null
}

export interface CommitTree {
  /** By path. */
  readonly entries: ReadonlyMap<string, TreeEntry>
  readonly complete: boolean
}

interface TreeRequest {
  readonly repository: RepositoryName
  readonly commit: string
  /** Folders to walk when the list is cut: those of the posted files. `.github` is always walked. */
  readonly folders: readonly string[]
}

interface TreePage {
  readonly entries: ReadonlyMap<string, TreeEntry>
  readonly truncated: boolean
}

export async function readCommitTree(client: GithubClient, request: TreeRequest): Promise<CommitTree> {
  const whole = await readTree(client, request.repository, request.commit, true)
  if (!whole.truncated) return { entries: whole.entries, complete: true }
  return { entries: await walk(client, request), complete: false }
}

/** `treeish` is a tree's or a commit's id. */
async function readTree(client: GithubClient, { owner, name }: RepositoryName, treeish: string, recursive: boolean): Promise<TreePage> {
  const { data } = await client.rest.git.getTree({ owner, repo: name, tree_sha: treeish, ...(recursive ? { recursive: '1' } : {}) })
  const entries = new Map<string, TreeEntry>()
  for (const { path, mode, type, sha, size } of data.tree) {
    if (type !== 'tree' || !recursive) entries.set(path, { mode, type, sha, size: size ?? null })
  }
  return { entries, truncated: data.truncated }
}

async function walk(client: GithubClient, request: TreeRequest): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>()
  const folders = new Set(['', '.github', '.github/workflows', ...request.folders.flatMap(withParents)])
  const ids = new Map([['', request.commit]])
  for (const folder of [...folders].sort()) {
    const id = ids.get(folder)
    if (id === undefined) continue
    const page = await readTree(client, request.repository, id, false)
    for (const [name, entry] of page.entries) {
      const path = folder === '' ? name : `${folder}/${name}`
      if (entry.type === 'tree') ids.set(path, entry.sha)
      else found.set(path, entry)
    }
  }
  return found
}

function withParents(folder: string): string[] {
  const parts = folder.split('/').filter((part) => part !== '')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
