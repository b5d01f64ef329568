// Takes note of a fix pull request that was merged or closed on the code host, which is asked for it. Safe to run again.
import { createGithubClient, type GithubClientSettings } from '../../pull-request/client.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import type { FixPullRequestsStore } from './fix-pull-requests-store.ts'
import { pullRequestEnd } from './pull-request-end.ts'

/** Throws what the code host answered. */
export type NoticeClosed = (tenantId: string, repositoryId: string) => Promise<void>

interface Parts {
  readonly store: FixPullRequestsStore
  readonly credentials: Pick<CredentialsService, 'revealGitHubToken'>
  readonly github: GithubClientSettings
}

export function createNoticeClosed({ store, credentials, github }: Parts): NoticeClosed {
  return async (tenantId, repositoryId) => {
    const own = store.for(tenantId)
    const stored = await own.get(repositoryId)
    if (stored?.state !== 'open') return
    const client = createGithubClient(github, { token: (await credentials.revealGitHubToken(tenantId)).reveal(), paceId: tenantId })
    const ended = await pullRequestEnd(client, stored)
    if (ended !== null) await own.close(repositoryId, ended)
  }
}
