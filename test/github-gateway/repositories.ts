// The repositories that tests create, and everything a person does to them: pushes, tags, releases, deleted branches.
// These calls go behind the gateway: they are not in its log and no permission stands in their way.
import type { RepositoryPermission } from './collaborators.ts'
import { PERSON, type EmulatedOwner } from './emulated-owner.ts'

/** GitHub's own limit; it says `truncated` beyond it. */
const TREE_LIMIT = 100_000

export interface RepositoryOptions {
  readonly owner: string
  readonly name: string
  /** The first commit's files by path; none leaves the repository empty, without a branch. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly private?: boolean
  readonly defaultBranch?: string
  readonly fork?: boolean
}

export interface Repository {
  readonly id: number
  readonly ownerId: number
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly private: boolean
  defaultBranch: string
  isArchived: boolean
  isDisabled: boolean
  isUnlisted: boolean
  readonly isFork: boolean
  topics: readonly string[]
  /** Of the last push to any branch. */
  pushedAt: Date
  /** Login to what the person may do; everybody else may read what is public. */
  readonly collaborators: Map<string, RepositoryPermission>
  readonly home: EmulatedOwner
  /** Release tag -> what the emulator cannot be told. */
  readonly publishedAt: Map<string, string>
  /** The emulator's commit -> the one that is told, for repositories that stand for real ones. */
  readonly publishedCommits: Map<string, string>
  /** Protected branch names; a `*` at the end stands for anything. */
  readonly protectedBranches: Set<string>
  /** How many entries a recursive tree has at most. */
  treeLimit: number
}

export interface CommitOptions {
  readonly repo: string
  readonly branch: string
  /** null deletes a file. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>
  readonly message: string
  /** Absent: a person. */
  readonly author?: { readonly name: string; readonly email: string }
  /** The branch to start from when `branch` does not exist; absent: the default branch. */
  readonly from?: string
}

interface GitObject {
  readonly sha: string
}

export async function createRepositoryIn(home: EmulatedOwner, options: RepositoryOptions & { readonly id: number }): Promise<Repository> {
  await home.tell({ method: 'POST', path: `/orgs/${home.login}/repos`, body: { name: options.name, private: options.private ?? false } })
  const repository: Repository = {
    id: options.id,
    ownerId: home.id,
    owner: home.login,
    name: options.name,
    fullName: `${home.login}/${options.name}`,
    private: options.private ?? false,
    defaultBranch: options.defaultBranch ?? 'main',
    isArchived: false,
    isDisabled: false,
    isUnlisted: false,
    isFork: options.fork ?? false,
    topics: [],
    pushedAt: new Date(),
    collaborators: new Map(),
    home,
    publishedAt: new Map(),
    publishedCommits: new Map(),
    protectedBranches: new Set(),
    treeLimit: TREE_LIMIT,
  }
  await home.tell({ method: 'PATCH', path: `/repos/${repository.fullName}`, body: { default_branch: repository.defaultBranch } })
  if (Object.keys(options.files).length > 0) {
    await pushCommit(repository, { branch: repository.defaultBranch, files: options.files, message: 'First commit' })
  }
  return repository
}

/** Puts a commit on a branch as a person's push does, and returns its sha. */
export async function pushCommit(repository: Repository, commit: Omit<CommitOptions, 'repo'>): Promise<string> {
  const { home, fullName } = repository
  const parent = (await branchHead(repository, commit.branch)) ?? (await branchHead(repository, commit.from ?? repository.defaultBranch))
  const base = parent === null ? null : await home.tell<{ tree: GitObject }>({ method: 'GET', path: `/repos/${fullName}/git/commits/${parent}` })
  const tree: object[] = []
  for (const [path, content] of Object.entries(commit.files)) {
    tree.push({ path, mode: '100644', type: 'blob', sha: content === null ? null : await blobOf(repository, content) })
  }
  const onBase = base ? { base_tree: base.tree.sha } : {}
  const made = await home.tell<GitObject>({ method: 'POST', path: `/repos/${fullName}/git/trees`, body: { tree, ...onBase } })
  const author = commit.author ?? { name: PERSON, email: `${PERSON}@users.noreply.github.com` }
  const body = { message: commit.message, tree: made.sha, parents: parent === null ? [] : [parent], author }
  const { sha } = await home.tell<GitObject>({ method: 'POST', path: `/repos/${fullName}/git/commits`, body })
  await moveBranch(repository, commit.branch, sha)
  return sha
}

/** The commit a branch points to, or null. */
export async function branchHead(repository: Repository, branch: string): Promise<string | null> {
  return refTarget(repository, `heads/${branch}`)
}

export async function tagCommit(repository: Repository, tag: { name: string; commit: string; annotated?: boolean }): Promise<void> {
  const { home, fullName } = repository
  const object = { tag: tag.name, message: tag.name, object: tag.commit, type: 'commit' }
  const sha = tag.annotated ? (await home.tell<GitObject>({ method: 'POST', path: `/repos/${fullName}/git/tags`, body: object })).sha : tag.commit
  const ref = `tags/${tag.name}`
  if ((await refTarget(repository, ref)) === null) {
    await home.tell({ method: 'POST', path: `/repos/${fullName}/git/refs`, body: { ref: `refs/${ref}`, sha } })
  } else {
    await home.tell({ method: 'PATCH', path: `/repos/${fullName}/git/refs/${ref}`, body: { sha, force: true } })
  }
}

export async function publishRelease(repository: Repository, release: { tag: string; publishedAt: string; prerelease?: boolean }): Promise<void> {
  repository.publishedAt.set(release.tag, release.publishedAt)
  const body = { tag_name: release.tag, name: release.tag, prerelease: release.prerelease ?? false }
  await repository.home.tell({ method: 'POST', path: `/repos/${repository.fullName}/releases`, body })
}

export async function deleteBranch(repository: Repository, branch: string): Promise<void> {
  await repository.home.tell({ method: 'DELETE', path: `/repos/${repository.fullName}/git/refs/heads/${branch}` })
}

/** A file's text at a branch, tag or commit, or null. */
export async function fileAt(repository: Repository, ref: string, path: string): Promise<string | null> {
  const target = `/repos/${repository.fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`
  const answer = await repository.home.ask({ method: 'GET', path: target, headers: { accept: 'application/vnd.github.raw' } })
  return answer.status === 200 ? answer.body.toString('utf8') : null
}

export function isProtected(repository: Repository, branch: string): boolean {
  return [...repository.protectedBranches].some((name) => (name.endsWith('*') ? branch.startsWith(name.slice(0, -1)) : branch === name))
}

async function moveBranch(repository: Repository, branch: string, sha: string): Promise<void> {
  const { home, fullName } = repository
  repository.pushedAt = new Date()
  if ((await branchHead(repository, branch)) === null) {
    await home.tell({ method: 'POST', path: `/repos/${fullName}/git/refs`, body: { ref: `refs/heads/${branch}`, sha } })
  } else {
    await home.tell({ method: 'PATCH', path: `/repos/${fullName}/git/refs/heads/${branch}`, body: { sha, force: true } })
  }
}

async function refTarget(repository: Repository, ref: string): Promise<string | null> {
  const answer = await repository.home.ask({ method: 'GET', path: `/repos/${repository.fullName}/git/ref/${ref}` })
  return answer.status === 200 ? (JSON.parse(answer.body.toString('utf8')) as { object: GitObject }).object.sha : null
}

async function blobOf(repository: Repository, content: string | Uint8Array): Promise<string> {
  const body = { content: Buffer.from(content).toString('base64'), encoding: 'base64' }
  return (await repository.home.tell<GitObject>({ method: 'POST', path: `/repos/${repository.fullName}/git/blobs`, body })).sha
}
