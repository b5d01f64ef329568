// From an authorization header to a principal. One scheme, two kinds of credentials, told apart by their form.
import { AppError } from '../errors.ts'
import { isApiKey, type ApiKeysService } from './api-keys-service.ts'
import type { OidcTokens } from './oidc-tokens.ts'
import type { Principal } from './principal.ts'

/** Throws UNAUTHENTICATED, or what the kind of credentials throws. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>

const LONGEST_TOKEN = 16_384

export function createAuthenticate({ apiKeys, oidcTokens }: { apiKeys: Pick<ApiKeysService, 'verify'>; oidcTokens: OidcTokens }): Authenticate {
  return async (authorization) => {
    const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
    if (token === undefined) throw new AppError('UNAUTHENTICATED')
    if (token.length > LONGEST_TOKEN) throw new AppError('TOKEN_MALFORMED')
    return isApiKey(token) ? apiKeys.verify(token) : oidcTokens.verify(token)
  }
}
