// Makes GitHub forget a token that we remove. An installation's token revokes itself; any other is reported as one that is not to be
// used any more, which GitHub accepts without credentials on github.com and with some on an enterprise server
// (https://docs.github.com/rest/credentials/revoke, read 2026-11-27).
import type { GithubClientSettings } from '../../pull-request/client.ts'
import type { Secret } from '../secret.ts'

/** False when GitHub did not confirm it, for whatever reason: somebody has to look. */
export type RevokeGithubToken = (token: Secret) => Promise<boolean>

const INSTALLATION_TOKEN = 'ghs_'

export function createRevokeGithubToken({ client, fetch }: { client: GithubClientSettings; fetch: typeof globalThis.fetch }): RevokeGithubToken {
  const isEnterprise = new URL(client.apiUrl).pathname.startsWith('/api/v3')
  return async (token) => {
    const isInstallation = token.reveal().startsWith(INSTALLATION_TOKEN)
    const authorization: Record<string, string> = isInstallation || isEnterprise ? { authorization: `Bearer ${token.reveal()}` } : {}
    const [method, path] = isInstallation ? ['DELETE', '/installation/token'] : ['POST', '/credentials/revoke']
    try {
      const response = await fetch(`${client.apiUrl}${path}`, {
        method, headers: { ...authorization, accept: 'application/vnd.github+json', 'content-type': 'application/json', 'user-agent': client.userAgent },
        signal: AbortSignal.timeout(client.requestTimeoutMs), redirect: 'error',
        ...(isInstallation ? {} : { body: JSON.stringify({ credentials: [token.reveal()] }) }),
      })
      // 401: GitHub does not know it any more.
      return response.ok || (isInstallation && response.status === 401)
    } catch {
      return false
    }
  }
}
