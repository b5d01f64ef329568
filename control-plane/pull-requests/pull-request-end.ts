// What became of a fix pull request, by the code host. One that is gone, or whose repository is, counts as closed.
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import type { Ended, FixPullRequestDocument } from './fix-pull-requests-store.ts'

/** Null while it is open; one call. Throws the code host's error. */
export async function pullRequestEnd(client: GithubClient, { repository, number }: Pick<FixPullRequestDocument, 'repository' | 'number'>): Promise<Ended | null> {
  if (number === null) return 'closed'
  const [owner = '', repo = ''] = repository.split('/')
  try {
    const { data } = await client.rest.pulls.get({ owner, repo, pull_number: number })
    if (data.state === 'open') return null
    return data.merged ? 'merged' : 'closed'
  } catch (error) {
    if (refusedStatus(error) === 404) return 'closed'
    throw error
  }
}
