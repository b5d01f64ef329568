// The hands of people in a test: pushes, tags, releases, pull requests and settings, by the repository's full name.
// Nothing here passes the gateway's log, permissions, limits or faults.
import type { RepositoryPermission } from './collaborators.ts'
import { mergeBranches } from './merges.ts'
import type { PullRequest, PullRequests } from './pull-requests.ts'
import { branchHead, deleteBranch, fileAt, publishRelease, pushCommit, tagCommit, type CommitOptions, type Repository } from './repositories.ts'

export interface KnownRepository {
  readonly repository: Repository
  readonly pulls: PullRequests
}

/** `known` throws for a repository that the gateway does not have. */
export function createSeeding(known: (repo: string) => KnownRepository) {
  const api = (repo: string) => `/repos/${known(repo).repository.fullName}`
  const tell = <T>(repo: string, call: { method: string; path: string; body?: unknown }) =>
    known(repo).repository.home.tell<T>({ ...call, path: api(repo) + call.path })
  return {
    /** A person's push; returns the commit's sha. */
    commit: ({ repo, ...commit }: CommitOptions): Promise<string> => pushCommit(known(repo).repository, commit),
    /** From then on the commit goes by another sha, in what is asked and in what is answered. */
    publishCommit({ repo, commit, as }: { repo: string; commit: string; as: string }): void {
      known(repo).repository.publishedCommits.set(commit, as)
    },
    /** Makes a tag, or moves it. Annotated tags are objects of their own. */
    tag: ({ repo, ...tag }: { repo: string; name: string; commit: string; annotated?: boolean }): Promise<void> =>
      tagCommit(known(repo).repository, tag),
    /** `publishedAt`: ISO 8601, UTC. */
    release: ({ repo, ...release }: { repo: string; tag: string; publishedAt: string; prerelease?: boolean }): Promise<void> =>
      publishRelease(known(repo).repository, release),
    /** The branch's commit, or null. */
    branchHead: (repo: string, branch: string): Promise<string | null> => branchHead(known(repo).repository, branch),
    async deleteBranch(repo: string, branch: string): Promise<void> {
      await known(repo).pulls.closeFor(branch)
      await deleteBranch(known(repo).repository, branch)
    },
    /** A file's text at a branch, tag or commit, or null. */
    readFile: (repo: string, ref: string, path: string): Promise<string | null> => fileAt(known(repo).repository, ref, path),
    /** A commit's author, committer, message, parents and tree. */
    readCommit: (repo: string, sha: string): Promise<GitCommit> => tell(repo, { method: 'GET', path: `/git/commits/${sha}` }),
    /** The branch is what the repository answers with, whether it exists or not. */
    setDefaultBranch(repo: string, branch: string): void {
      known(repo).repository.defaultBranch = branch
    },
    /** From then on nobody can push, and everybody sees that. */
    archive(repo: string): void {
      known(repo).repository.isArchived = true
    },
    unarchive(repo: string): void {
      known(repo).repository.isArchived = false
    },
    disable(repo: string): void {
      known(repo).repository.isDisabled = true
    },
    /** No list has it any more, as one that moves between two pages while they are read. */
    hideFromLists(repo: string): void {
      known(repo).repository.isUnlisted = true
    },
    setTopics(repo: string, topics: readonly string[]): void {
      known(repo).repository.topics = topics
    },
    /** A commit that no branch or tag contains, as those of forks are; returns its sha. */
    async commitOfFork(repo: string, parent: string): Promise<string> {
      const { tree } = await tell<GitCommit>(repo, { method: 'GET', path: `/git/commits/${parent}` })
      const { sha } = await tell<GitCommit>(repo, { method: 'POST', path: '/git/commits', body: { message: 'From a fork', tree: tree.sha, parents: [parent] } })
      return sha
    },
    /** Says what a person may do in the repository. */
    setPermission(repo: string, login: string, permission: RepositoryPermission): void {
      known(repo).repository.collaborators.set(login, permission)
    },
    /** Refuses direct updates. A `*` at the end stands for anything. */
    protectBranch({ repo, branch }: { repo: string; branch: string }): void {
      known(repo).repository.protectedBranches.add(branch)
    },
    /** Recursive trees of the repository end after so many entries and say so. */
    limitTree({ repo, entries }: { repo: string; entries: number }): void {
      known(repo).repository.treeLimit = entries
    },
    createPullRequest: ({ repo, ...pull }: { repo: string; head: string; base: string; title: string; body?: string }): Promise<PullRequest> =>
      tell(repo, { method: 'POST', path: '/pulls', body: pull }),
    /** Open and closed, oldest first. */
    listPullRequests: (repo: string): Promise<PullRequest[]> => known(repo).pulls.all(),
    /** A unified diff. */
    readDiff: (repo: string, number: number): Promise<string> => known(repo).pulls.diff(number),
    closePullRequest: (repo: string, number: number): Promise<void> => known(repo).pulls.close(number),
    mergePullRequest: (repo: string, number: number): Promise<string> => known(repo).pulls.merge(number),
    /** A comment as a person. */
    comment: (repo: string, number: number, body: string): Promise<{ id: number }> =>
      tell(repo, { method: 'POST', path: `/issues/${number}/comments`, body: { body } }),
    /** Oldest first. */
    listComments: (repo: string, number: number): Promise<{ id: number; body: string; user: { login: string } }[]> =>
      tell(repo, { method: 'GET', path: `/issues/${number}/comments?per_page=100` }),
    /** A merge commit of the base into the head, as the page's "Update branch" makes it. */
    async updateBranch({ repo, head, base }: { repo: string; head: string; base: string }): Promise<string> {
      const { repository } = known(repo)
      const [headSha, baseSha] = [await branchHead(repository, head), await branchHead(repository, base)]
      if (headSha === null || baseSha === null) throw new Error(`one of ${head} and ${base} is missing in ${repo}`)
      const message = `Merge branch '${base}' into ${head}`
      return mergeBranches(repository, { head: { ref: base, sha: baseSha }, base: { ref: head, sha: headSha }, message })
    },
  }
}

export interface GitCommit {
  readonly sha: string
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
  readonly committer: { readonly name: string; readonly email: string }
  readonly parents: readonly { readonly sha: string }[]
  readonly tree: { readonly sha: string }
}
