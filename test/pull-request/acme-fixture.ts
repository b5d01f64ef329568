// The owner acme on a gateway of its own, and clients with its tokens.
import { createGithubClient, type GithubClient } from '../../pull-request/client.ts'
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import type { TokenOptions } from '../github-gateway/tokens.ts'

/** The client may write files, workflows among them. */
export async function startAcme(): Promise<{ readonly github: Gateway; readonly client: GithubClient }> {
  const github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242 })
  return { github, client: clientWith(github, { contents: 'write', workflows: 'write', metadata: 'read' }) }
}

/** A client with a new token. */
export function clientWith(github: Gateway, permissions: TokenOptions['permissions']): GithubClient {
  const token = github.issueToken({ owner: 'acme', permissions })
  return createGithubClient({ apiUrl: github.apiUrl, userAgent: 'autodevops/test', requestTimeoutMs: 5_000, pace: false }, { token, paceId: 'test' })
}
