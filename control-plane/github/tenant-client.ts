// The code host as an organisation sees it: a client with the organisation's own token.
import { createGithubClient, type GithubClient, type GithubClientSettings } from '../../pull-request/client.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'

/** Paced with everything else of the organisation; the signal ends every call. Throws what `revealGitHubToken` throws. */
export type ClientOf = (tenantId: string, signal?: AbortSignal) => Promise<GithubClient>

interface Parts {
  readonly credentials: Pick<CredentialsService, 'revealGitHubToken'>
  readonly github: GithubClientSettings
}

export function createClientOf({ credentials, github }: Parts): ClientOf {
  return async (tenantId, signal) => createGithubClient(github, { token: (await credentials.revealGitHubToken(tenantId)).reveal(), paceId: tenantId, ...(signal ? { signal } : {}) })
}
