// From a request's headers to a principal. An authorization header counts before a cookie: whoever sends one means it.
import { AppError } from '../errors.ts'
import { readCookie, SESSION_COOKIE } from '../http/cookies.ts'
import { isApiKey, type ApiKeysService } from './api-keys-service.ts'
import type { OidcTokens } from './oidc-tokens.ts'
import type { Principal } from './principal.ts'
import type { SessionsService } from './sessions-service.ts'

export interface RequestCredentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
}

export interface Authenticated {
  readonly principal: Principal
  /** A renewed session, as the value of a set-cookie header. */
  readonly cookie: string | null
}

/** Throws UNAUTHENTICATED, or what the kind of credentials throws. */
export type Authenticate = (credentials: RequestCredentials) => Promise<Authenticated>

interface Parts {
  readonly apiKeys: Pick<ApiKeysService, 'verify'>
  readonly oidcTokens: OidcTokens
  /** Left out or null where nobody can sign in. */
  readonly sessions?: Pick<SessionsService, 'verify'> | null
}

const LONGEST_TOKEN = 16_384

export function createAuthenticate({ apiKeys, oidcTokens, sessions = null }: Parts): Authenticate {
  return async ({ authorization, cookie }) => {
    if (authorization === undefined) {
      const session = sessions === null ? undefined : readCookie(cookie, SESSION_COOKIE)
      if (sessions === null || session === undefined) throw new AppError('UNAUTHENTICATED')
      return sessions.verify(session)
    }
    const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? []
    if (token === undefined) throw new AppError('UNAUTHENTICATED')
    if (token.length > LONGEST_TOKEN) throw new AppError('TOKEN_MALFORMED')
    return { principal: await (isApiKey(token) ? apiKeys.verify(token) : oidcTokens.verify(token)), cookie: null }
  }
}
