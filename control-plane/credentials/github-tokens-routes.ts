// /v1/github-tokens: goes in, never comes out.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import { Secret } from '../secret.ts'
import type { CredentialsService } from './credentials-service.ts'

const LONGEST_TOKEN = 4_096
const described = z.object({
  kind: z.enum(['personal-access-token', 'fine-grained-token', 'app-token', 'oauth-token', 'unknown']).describe('As its beginning says'),
  storedAt: z.iso.datetime(), storedBy: z.string(),
})
const listed = z.object({ githubTokens: z.array(described), appInstalled: z.boolean().nullable().describe('Whether the GitHub App gives tokens where none is stored; null: this service has no App') })
const newToken = z.strictObject({ token: z.string().max(LONGEST_TOKEN).regex(/^[\x21-\x7e]+$/, 'must be one token and nothing else') })
const removed = z.object({ revokedAtGitHub: z.boolean().describe('False: GitHub did not confirm it; revoke the token there by hand') })

export function createGithubTokensRoutes(credentials: CredentialsService): AppRoutes {
  return (scope) => {
    scope.get('/github-tokens', { schema: { tags: ['github tokens'], summary: 'What is stored, without any token', response: { 200: listed }, errors: ['GITHUB_APP_REJECTED', 'GITHUB_FORBIDDEN', 'GITHUB_RATE_LIMITED', 'GITHUB_UNAVAILABLE'] } }, async ({ principal: { tenantId } }) => {
      const [stored, appInstalled] = await Promise.all([credentials.describeGitHubToken(tenantId), credentials.isAppInstalled(tenantId)])
      return { githubTokens: stored === null ? [] : [{ ...stored, storedAt: stored.storedAt.toISOString() }], appInstalled }
    })

    scope.put('/github-tokens', { schema: { tags: ['github tokens'], summary: 'Store the GitHub token, encrypted; it replaces the one before', body: newToken, response: { 204: z.null() } } }, async (request, reply) => {
      await credentials.storeGitHubToken(request.principal.tenantId, new Secret(request.body.token), { actor: actorOf(request.principal), correlationId: request.id })
      return reply.status(204).send(null)
    })

    scope.delete('/github-tokens', { schema: { tags: ['github tokens'], summary: 'Remove the stored token, and revoke it at GitHub', response: { 200: removed }, errors: ['GITHUB_TOKEN_MISSING', 'ENCRYPTION_KEY_UNKNOWN', 'SECRET_DAMAGED'] } }, async (request) =>
      ({ revokedAtGitHub: await credentials.removeGitHubToken(request.principal.tenantId, { actor: actorOf(request.principal), correlationId: request.id }) }))
  }
}
