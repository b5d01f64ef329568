// Verifies a GitHub Actions OIDC token and takes the run's identity from its claims. The identity is made of ids: names
// can be given to somebody else, and `sub` has two formats.
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { issuerUnavailable, type OidcIssuers } from './oidc-issuers.ts'
import type { OidcPrincipal } from './principal.ts'

const ALGORITHMS = ['RS256', 'ES256']
const CLOCK_TOLERANCE_SECONDS = 15

const idSchema = z.coerce.string().regex(/^\d{1,20}$/)
const branchSchema = z.string().optional().transform((name) => (name === undefined || name === '' ? null : name))
const claimsSchema = z.object({
  repository: z.string().regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/),
  repository_id: idSchema,
  repository_owner_id: idSchema,
  ref: z.string().min(1),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  head_ref: branchSchema,
  base_ref: branchSchema,
  event_name: z.string().min(1),
  run_id: idSchema,
})

export interface OidcTokens {
  /** Throws a TOKEN_ code, ISSUER_UNAVAILABLE or TENANT_UNKNOWN. */
  verify(token: string): Promise<OidcPrincipal>
}

interface Parts {
  readonly issuers: OidcIssuers
  readonly audience: string
  readonly tenants: Pick<TenantsStore, 'findByOwner'>
  readonly clock: Clock
}

export function createOidcTokens({ issuers, audience, tenants, clock }: Parts): OidcTokens {
  return {
    verify: async (token) => {
      const issuer = readUnverified(token)
      const keys = await issuers.keysOf(issuer)
      const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS, currentDate: clock(), requiredClaims: ['exp'] }
      const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => { throw translate(error, { issuer, audience }) })
      const claims = claimsSchema.safeParse(payload)
      if (!claims.success) throw new AppError('TOKEN_CLAIMS', { detail: claims.error.issues.map(({ path }) => path.join('.')).join(', ') })
      const { repository, repository_id, repository_owner_id, ref, sha, head_ref, base_ref, event_name, run_id } = claims.data
      const tenant = await tenants.findByOwner(new URL(issuer).host, repository_owner_id)
      if (tenant === null) throw new AppError('TENANT_UNKNOWN', { detail: `owner id ${repository_owner_id}; an operator registers it with create-tenant` })
      return {
        kind: 'oidc',
        tenantId: tenant.id,
        repository: { id: repository_id, fullName: repository, ownerId: repository_owner_id },
        ref, sha, headRef: head_ref, baseRef: base_ref, eventName: event_name, runId: run_id,
      }
    },
  }
}

/** The issuer that the token names: which keys to check it with. Throws TOKEN_MALFORMED, TOKEN_UNSIGNED or TOKEN_ISSUER. */
function readUnverified(token: string): string {
  let algorithm: string | undefined
  let issuer: string | undefined
  try {
    algorithm = decodeProtectedHeader(token).alg
    issuer = decodeJwt(token).iss
  } catch (cause) {
    throw new AppError('TOKEN_MALFORMED', { cause })
  }
  if (algorithm === undefined || !ALGORITHMS.includes(algorithm)) throw new AppError('TOKEN_UNSIGNED', { detail: `accepted are ${ALGORITHMS.join(' and ')}` })
  if (issuer === undefined) throw new AppError('TOKEN_ISSUER', { detail: 'the token names none' })
  return issuer
}

const BY_CLAIM: Readonly<Record<string, ErrorCode>> = { aud: 'TOKEN_AUDIENCE', iss: 'TOKEN_ISSUER', nbf: 'TOKEN_NOT_YET_VALID' }

function translate(error: unknown, { issuer, audience }: { issuer: string; audience: string }): AppError {
  if (error instanceof errors.JWTExpired) return new AppError('TOKEN_EXPIRED', { cause: error })
  if (error instanceof errors.JWTClaimValidationFailed) {
    const code = BY_CLAIM[error.claim] ?? 'TOKEN_CLAIMS'
    return new AppError(code, { detail: code === 'TOKEN_AUDIENCE' ? `this service is ${audience}` : error.claim, cause: error })
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return new AppError('TOKEN_SIGNATURE', { cause: error })
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return new AppError('TOKEN_KEY_UNKNOWN', { cause: error })
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return new AppError('TOKEN_UNSIGNED', { cause: error })
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return new AppError('TOKEN_MALFORMED', { cause: error })
  // What is left is the fetch of the keys: a timeout, no connection, an answer that is no key set.
  return issuerUnavailable(issuer, error)
}
