// The code host as an organisation sees it: a client with the organisation's own token. A token that the code host rejects is forgotten,
// so that the next one is asked for anew.
import { createGithubClient, type GithubClient, type GithubClientSettings } from '../../pull-request/client.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import { hasCode } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Secret } from '../secret.ts'

export interface TenantConnection {
  readonly client: GithubClient
  /** The client's own, for what asks by itself. */
  readonly token: Secret
}

/** Paced with everything else of the organisation; the signal ends every call. Throws what `revealGitHubToken` throws. */
export type ConnectTenant = (tenantId: string, signal?: AbortSignal) => Promise<TenantConnection>

export type ClientOf = (...connecting: Parameters<ConnectTenant>) => Promise<GithubClient>

interface Parts {
  readonly credentials: Pick<CredentialsService, 'revealGitHubToken' | 'forgetGitHubToken'>
  readonly github: GithubClientSettings
}

export function createConnectTenant({ credentials, github }: Parts): ConnectTenant {
  return async (tenantId, signal) => {
    const token = await credentials.revealGitHubToken(tenantId)
    const client = createGithubClient(github, { token: token.reveal(), paceId: tenantId, ...(signal ? { signal } : {}) })
    client.hook.error('request', (error) => {
      if (hasCode(fromCodeHostError(error), 'GITHUB_TOKEN_REJECTED')) credentials.forgetGitHubToken(tenantId)
      throw error
    })
    return { client, token }
  }
}

export const createClientOf = (connect: ConnectTenant): ClientOf => async (tenantId, signal) => (await connect(tenantId, signal)).client
