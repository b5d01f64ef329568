// Asks where a branch stands, conditionally: who names the etag of the last answer gets told "the same" for free, as GitHub does not
// count a 304 against a token's limit.
import type { GithubClient } from './client.ts'
import { notModified, type CodeHostAnswer } from './code-host-failure.ts'
import type { RepositoryName } from './commit-tree.ts'

/** What the code host says is left of a token's limit. */
export interface RateLeft {
  readonly limit: number
  readonly remaining: number
  /** When the limit begins anew. */
  readonly resetAt: Date
}

export interface BranchHead {
  /** Null when it is what it was. */
  readonly commit: string | null
  readonly etag: string | null
  /** The repository is called otherwise now: the answer came from another address. */
  readonly isMoved: boolean
  /** Null where the code host limits nothing. */
  readonly rate: RateLeft | null
}

interface Asked {
  readonly branch: string
  /** Of the last answer about this branch; null for none. */
  readonly etag: string | null
}

/** Throws the code host's error: 404 for a branch or repository that is not there, 409 for a repository without a commit. */
export async function readBranchHead(client: GithubClient, repository: RepositoryName, { branch, etag }: Asked): Promise<BranchHead> {
  const { owner, name } = repository
  try {
    const answer = await client.rest.git.getRef({ owner, repo: name, ref: `heads/${branch}`, headers: etag === null ? {} : { 'if-none-match': etag } })
    return { commit: answer.data.object.sha, ...toldBy(answer, repository) }
  } catch (error) {
    const answer = notModified(error)
    if (answer === null) throw error
    return { commit: null, ...toldBy(answer, repository) }
  }
}

function toldBy({ url, headers }: CodeHostAnswer, { owner, name }: RepositoryName): Omit<BranchHead, 'commit'> {
  return {
    etag: typeof headers.etag === 'string' ? headers.etag : null,
    isMoved: !url.toLowerCase().includes(`/repos/${owner}/${name}/`.toLowerCase()),
    rate: rateOf(headers),
  }
}

/** Null where the code host limits nothing. */
export function rateOf(headers: CodeHostAnswer['headers']): RateLeft | null {
  const [limit, remaining, reset] = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'].map((name) => Number(headers[name] ?? NaN))
  if (limit === undefined || remaining === undefined || reset === undefined || Number.isNaN(limit + remaining + reset)) return null
  return { limit, remaining, resetAt: new Date(reset * 1000) }
}
