// What stands on the code host before a fix pull request is touched: our open one, those that were closed, the branch's head.
import type { GithubClient } from './client.ts'
import type { RepositoryName } from './commit-tree.ts'
import { readHead } from './fix-branch.ts'
import { parseFixMarker } from './fix-marker.ts'
import type { FixMarker } from './fix-marker.ts'

export interface FixPullRequest {
  readonly number: number
  readonly url: string
  readonly body: string
  /** Who opened it: the identity of the token of that time. */
  readonly openedBy: number | null
  readonly isMerged: boolean
  readonly marker: FixMarker | null
}

export interface FixState {
  readonly open: FixPullRequest | null
  /** Newest first. */
  readonly closed: readonly FixPullRequest[]
  /** The fix branch's commit; null when there is no branch. */
  readonly head: string | null
}

export async function readFixState(
  client: GithubClient,
  { owner, name }: RepositoryName,
  { branch, base }: { readonly branch: string; readonly base: string },
): Promise<FixState> {
  const { data } = await client.rest.pulls.list({
    owner, repo: name, head: `${owner}:${branch}`, base, state: 'all', sort: 'created', direction: 'desc', per_page: 100,
  })
  const all = data.filter(({ head }) => head.ref === branch)
  const [open] = all.filter(({ state }) => state === 'open')
  return {
    open: open ? read(open) : null,
    closed: all.filter(({ state }) => state !== 'open').map(read),
    head: await readHead(client, { owner, name }, branch),
  }
}

type Listed = Awaited<ReturnType<GithubClient['rest']['pulls']['list']>>['data'][number]

const read = ({ number, html_url, body, user, merged_at }: Listed): FixPullRequest => ({
  number,
  url: html_url,
  body: body ?? '',
  openedBy: user?.id ?? null,
  isMerged: merged_at !== null,
  marker: parseFixMarker(body),
})
