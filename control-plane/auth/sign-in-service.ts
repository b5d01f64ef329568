// Signing in with GitHub: an attempt that only the browser that began it can finish (its state and PKCE verifier travel in a sealed
// cookie), the acceptance of invitations, and the choice of the organisation.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Cipher } from '../credentials/cipher.ts'
import { AppError } from '../errors.ts'
import { clearCookie, readCookie, setCookie, SIGN_IN_COOKIE } from '../http/cookies.ts'
import { Secret } from '../secret.ts'
import type { MembershipsService } from '../tenants/memberships-service.ts'
import type { GithubOauth } from './github-oauth.ts'
import type { SessionsService } from './sessions-service.ts'

export interface SignInRequest {
  /** The organisation to sign in to: its id here, or GitHub's owner id alone. */
  readonly tenant: string | null
  /** A path of ours to go to afterwards. */
  readonly returnTo: string
}

export interface SignInAnswer {
  readonly location: string
  readonly cookies: readonly string[]
}

/** What the code host sends back with the browser. */
export interface SignInReturn {
  readonly code?: string | undefined
  readonly state?: string | undefined
  readonly error?: string | undefined
}

export interface SignInService {
  begin(request: SignInRequest): SignInAnswer
  /** Throws a SIGN_IN_ or MEMBERSHIP_ code, or what GitHub's failing is called. */
  finish(returned: SignInReturn, request: { readonly cookie: string | undefined; readonly correlationId: string }): Promise<SignInAnswer>
}

interface Parts {
  readonly oauth: GithubOauth
  readonly sessions: Pick<SessionsService, 'open'>
  readonly memberships: Pick<MembershipsService, 'acceptInvitations' | 'choose'>
  readonly cipher: Cipher
  readonly clock: Clock
}

const attemptSchema = z.strictObject({ state: z.string(), verifier: z.string(), tenant: z.string().nullable(), returnTo: z.string(), until: z.number() })
type Attempt = z.infer<typeof attemptSchema>

const ATTEMPT_SECONDS = 600
const RANDOM_BYTES = 32
/** The sealed attempt belongs to no organisation yet; no tenant has this id. */
const BINDING = { tenantId: '-', purpose: 'sign-in' } as const
const LONGEST_COOKIE = 4_096

export function createSignInService(parts: Parts): SignInService {
  const { oauth, sessions, memberships, cipher, clock } = parts
  return {
    begin: ({ tenant, returnTo }) => {
      const attempt: Attempt = { state: random(), verifier: random(), tenant, returnTo, until: clock().getTime() + ATTEMPT_SECONDS * 1000 }
      const sealed = cipher.encrypt(new Secret(JSON.stringify(attempt)), BINDING)
      return { location: oauth.consentUrl(attempt), cookies: [setCookie(SIGN_IN_COOKIE, sealed, ATTEMPT_SECONDS)] }
    },
    finish: async ({ code, state, error }, { cookie, correlationId }) => {
      const attempt = openAttempt(parts, readCookie(cookie, SIGN_IN_COOKIE))
      if (attempt === null || state === undefined || !isEqual(attempt.state, state)) throw new AppError('SIGN_IN_STATE')
      if (error !== undefined || code === undefined) throw new AppError('SIGN_IN_REFUSED', { detail: error === 'access_denied' ? 'you did not consent' : 'it sent no code' })
      const person = await oauth.personBehind(code, attempt.verifier)
      await memberships.acceptInvitations(person, correlationId)
      const tenantId = await memberships.choose(person, attempt.tenant)
      return { location: attempt.returnTo, cookies: [await sessions.open(tenantId, person, correlationId), clearCookie(SIGN_IN_COOKIE)] }
    },
  }
}

const random = (): string => randomBytes(RANDOM_BYTES).toString('base64url')

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Null for whatever is not an attempt of ours that still runs. */
function openAttempt({ cipher, clock }: Parts, sealed: string | undefined): Attempt | null {
  if (sealed === undefined || sealed.length > LONGEST_COOKIE) return null
  try {
    const attempt = attemptSchema.parse(JSON.parse(cipher.decrypt(sealed, BINDING).reveal()))
    const leftMs = attempt.until - clock().getTime()
    return leftMs > 0 && leftMs <= ATTEMPT_SECONDS * 1000 ? attempt : null
  } catch {
    return null
  }
}
