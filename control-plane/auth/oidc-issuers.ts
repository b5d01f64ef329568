// The keys of the accepted OIDC issuers. Their address comes from each issuer's discovery document; both are kept, and
// fetched again when a token names a key that is not known yet.
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })

const FETCH_MS = 5_000
const DISCOVERY_KEPT_MS = 3_600_000
const KEYS_KEPT_MS = 600_000
const RETRY_AFTER_SECONDS = 10

export interface OidcIssuers {
  /** Throws TOKEN_ISSUER for one that is not accepted, ISSUER_UNAVAILABLE when it does not answer. */
  keysOf(issuer: string): Promise<JWTVerifyGetKey>
}

interface Parts {
  readonly issuers: readonly string[]
  readonly fetch: typeof fetch
  readonly clock: Clock
}

export function createOidcIssuers({ issuers, fetch, clock }: Parts): OidcIssuers {
  const kept = new Map<string, { keys: Promise<JWTVerifyGetKey>; until: number }>()
  return {
    keysOf: (issuer) => {
      if (!issuers.includes(issuer)) throw new AppError('TOKEN_ISSUER', { detail: `accepted are ${issuers.join(', ')}` })
      const now = clock().getTime()
      const found = kept.get(issuer)
      if (found !== undefined && found.until > now) return found.keys
      const keys = discover(issuer, fetch)
      kept.set(issuer, { keys, until: now + DISCOVERY_KEPT_MS })
      keys.catch(() => kept.delete(issuer))
      return keys
    },
  }
}

export const issuerUnavailable = (issuer: string, cause: unknown): AppError =>
  new AppError('ISSUER_UNAVAILABLE', { detail: issuer, cause, retryAfterSeconds: RETRY_AFTER_SECONDS })

async function discover(issuer: string, fetch: Parts['fetch']): Promise<JWTVerifyGetKey> {
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(FETCH_MS), redirect: 'error' })
    if (!response.ok) throw new Error(`discovery answers ${response.status}`)
    const document = discoverySchema.parse(await response.json())
    if (document.issuer !== issuer) throw new Error('the discovery document names another issuer')
    return createRemoteJWKSet(new URL(document.jwks_uri), { timeoutDuration: FETCH_MS, cacheMaxAge: KEYS_KEPT_MS })
  } catch (cause) {
    throw issuerUnavailable(issuer, cause)
  }
}
