// Puts together what says who is asking, and the routes about people, keys, tokens and the audit log: for main.ts and for tests.
import type { AppRoutes } from '../app-route.ts'
import { createAuditRoutes } from '../audit/audit-routes.ts'
import { createAuditService } from '../audit/audit-service.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createGithubTokensRoutes } from '../credentials/github-tokens-routes.ts'
import type { PlatformServices } from '../platform-services.ts'
import { createMembersRoutes } from '../tenants/members-routes.ts'
import { createApiKeysRoutes } from './api-keys-routes.ts'
import { createAuthRoutes, type SignIn } from './auth-routes.ts'
import { createAuthenticate, type Authenticate } from './authenticate.ts'
import { createGithubOauth } from './github-oauth.ts'
import { createOidcIssuers } from './oidc-issuers.ts'
import { createOidcTokens } from './oidc-tokens.ts'
import { createSessionsService } from './sessions-service.ts'
import { createSignInService } from './sign-in-service.ts'

export interface AccessModule {
  readonly authenticate: Authenticate
  readonly routes: readonly AppRoutes[]
}

interface Parts {
  readonly platform: PlatformServices
  readonly config: Pick<Config, 'signIn' | 'publicUrl' | 'github' | 'oidc'>
  readonly clock: Clock
}

export function assembleAccess(parts: Parts): AccessModule {
  const { platform, config, clock } = parts
  const signIn = assembleSignIn(parts)
  const issuers = createOidcIssuers({ issuers: config.oidc.issuers, fetch, clock })
  const oidcTokens = createOidcTokens({ issuers, audience: config.oidc.audience, tenants: platform.tenants, clock })
  return {
    authenticate: createAuthenticate({ apiKeys: platform.apiKeys, oidcTokens, sessions: signIn?.sessions ?? null }),
    routes: [
      createAuthRoutes(signIn), createApiKeysRoutes(platform.apiKeys), createMembersRoutes(platform.memberships),
      createGithubTokensRoutes(platform.credentials), createAuditRoutes(createAuditService(platform.audit)),
    ],
  }
}

function assembleSignIn({ platform, config, clock }: Parts): SignIn {
  if (config.signIn === null) return null
  const { sessionSecret, sessionHours, ...application } = config.signIn
  const { sessions: store, members, memberships, audit, cipher } = platform
  const sessions = createSessionsService({ store, members, audit, clock, publicUrl: config.publicUrl, settings: { secret: sessionSecret, hours: sessionHours } })
  const oauth = createGithubOauth({ webUrl: config.github.url, client: platform.github, application, redirectUri: `${config.publicUrl}/v1/auth/github/callback`, fetch: platform.github.fetch ?? fetch })
  return { sessions, service: createSignInService({ oauth, sessions, memberships, cipher, clock }) }
}
