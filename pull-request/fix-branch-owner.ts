// Whose the fix branch is: ours while every commit on it is known to be our own and leads on from what our pull request says of it.
// Anything else is a person's.
import type { GithubClient } from './client.ts'
import type { RepositoryName } from './commit-tree.ts'
import type { FixMarker } from './fix-marker.ts'
import type { FixPullRequest, FixState } from './fix-pull-request-state.ts'
import type { Pushes } from './fix-pull-request.ts'

interface World {
  readonly client: GithubClient
  readonly pushes: Pushes
}

interface Standing {
  /** The fix branch's commit; null when there is no branch. */
  readonly head: string | null
  /** The default branch's commit now. */
  readonly base: string
}

/** Pushes in a row whose runs were all cut before they told of them. */
const MOST_UNTOLD = 20

/** On a chain of our pushes that begins at the marker's head, with only our commits on the branch. */
export async function isOurs({ client, pushes }: World, { owner, name }: RepositoryName, { head, base }: Standing, { marker, openedBy }: FixPullRequest): Promise<boolean> {
  if (head === null || marker === null || !(await followsMarker(pushes, marker, head))) return false
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead: `${base}...${head}` })
  if (data.total_commits > data.commits.length) return false
  const others = data.commits.filter(({ author }) => openedBy === null || author?.id !== openedBy).map(({ sha }) => sha)
  return others.length === 0 || (await pushes.find(others)).length === others.length
}

/** A branch without a pull request that is ours: left by a run that was cut, by a closed pull request, or without a commit of its own. */
export async function isLeftover({ client, pushes }: World, { owner, name }: RepositoryName, { head, base, closed }: Standing & Pick<FixState, 'closed'>): Promise<boolean> {
  if (head === null) return false
  if ((await pushes.find([head])).length > 0 || closed.some(({ marker }) => marker?.head === head || marker?.next === head)) return true
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead: `${base}...${head}` })
  return data.ahead_by === 0
}

/** The marker names the head, or one from which our pushes lead there: their runs were cut, or an older text came late. */
async function followsMarker(pushes: Pushes, marker: FixMarker, head: string): Promise<boolean> {
  let at: string | null = head
  for (let untold = 0; at !== null && untold <= MOST_UNTOLD; untold++) {
    if (at === marker.head || at === marker.next) return true
    at = (await pushes.find([at]))[0]?.from ?? null
  }
  return false
}
