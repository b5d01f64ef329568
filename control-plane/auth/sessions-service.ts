// Sessions of people who have signed in: a token (JWT, HS256, an hour) in a cookie, good only together with its record and with the
// person's membership. A token past half of its life is renewed by whichever request brings it, until the session itself ends.
import { randomBytes } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { AuditStore } from '../audit/audit-store.ts'
import { HOUR_MS, type Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import { SESSION_COOKIE, setCookie } from '../http/cookies.ts'
import type { Secret } from '../secret.ts'
import type { MembersStore } from '../tenants/members-store.ts'
import type { Authenticated } from './authenticate.ts'
import { createBriefCache, type BriefCache } from './brief-cache.ts'
import type { By } from './principal.ts'
import type { Role } from './roles.ts'
import type { SessionRecord, SessionsStore } from './sessions-store.ts'

/** Whom the code host has named. */
export interface Person {
  readonly userId: string
  readonly login: string
}

export interface SessionsService {
  /** The set-cookie header of a new session. */
  open(tenantId: string, person: Person, correlationId: string): Promise<string>
  /** Throws SESSION_INVALID or SESSION_EXPIRED. */
  verify(token: string): Promise<Authenticated>
  /** Throws SESSION_NOT_FOUND. */
  revoke(tenantId: string, sessionId: string, by: By): Promise<void>
  list(tenantId: string, page: Page): Promise<SessionRecord[]>
}

interface Parts {
  readonly store: SessionsStore
  readonly members: MembersStore
  readonly audit: AuditStore
  readonly clock: Clock
  readonly publicUrl: string
  readonly settings: { readonly secret: Secret; readonly hours: number }
}

interface Live {
  readonly session: SessionRecord
  readonly role: Role
}

const ALGORITHM = 'HS256'
/** Says what the token is for, so that one made for something else by the same key never opens a session. */
const TYPE = 'autodevops-session+jwt'
const TOKEN_SECONDS = 3_600
const CLOCK_TOLERANCE_SECONDS = 15
const ID_BYTES = 16
const LONGEST_TOKEN = 2_048

export function createSessionsService(parts: Parts): SessionsService {
  const { store, members, audit, clock, settings } = parts
  const live = createBriefCache<Live>({
    clock,
    load: async (sessionId) => {
      const session = await store.find(sessionId)
      if (session?.revokedAt !== null) return null
      const member = await members.for(session.tenantId).get(session.userId)
      return member === null ? null : { session, role: member.role }
    },
  })
  return {
    open: async (tenantId, { userId, login }, correlationId) => {
      const createdAt = clock()
      const expiresAt = new Date(createdAt.getTime() + settings.hours * HOUR_MS)
      const sessionId = randomBytes(ID_BYTES).toString('hex')
      await store.for(tenantId).add({ _id: sessionId, userId, login, createdAt, expiresAt })
      await audit.for(tenantId).append({ actor: `user:${userId}`, action: 'session.opened', subject: sessionId, details: { login }, correlationId })
      return issue(parts, { sessionId, expiresAt })
    },
    verify: (token) => verify(parts, live, token),
    revoke: async (tenantId, sessionId, { actor, correlationId }) => {
      if (!(await store.for(tenantId).revoke(sessionId))) throw new AppError('SESSION_NOT_FOUND')
      live.forget(sessionId)
      await audit.for(tenantId).append({ actor, action: 'session.ended', subject: sessionId, details: {}, correlationId })
    },
    list: (tenantId, page) => store.for(tenantId).list(page),
  }
}

async function issue({ clock, publicUrl, settings }: Parts, { sessionId, expiresAt }: { sessionId: string; expiresAt: Date }): Promise<string> {
  const now = Math.floor(clock().getTime() / 1000)
  const end = Math.min(now + TOKEN_SECONDS, Math.floor(expiresAt.getTime() / 1000))
  const token = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE }).setIssuer(publicUrl).setAudience(publicUrl).setIssuedAt(now).setExpirationTime(end)
    .sign(keyOf(settings.secret))
  return setCookie(SESSION_COOKIE, token, end - now)
}

async function verify(parts: Parts, live: BriefCache<Live>, token: string): Promise<Authenticated> {
  const { sessionId, issuedAt } = await readToken(parts, token)
  const found = await live.find(sessionId)
  if (found === null) throw new AppError('SESSION_INVALID', { detail: 'it was ended, or the membership was' })
  const { session: { tenantId, userId, login, expiresAt }, role } = found
  const now = parts.clock()
  if (expiresAt <= now) throw new AppError('SESSION_EXPIRED')
  const isHalfOver = now.getTime() / 1000 - issuedAt > TOKEN_SECONDS / 2
  return {
    principal: { kind: 'session', tenantId, sessionId, userId, login, role, expiresAt },
    cookie: isHalfOver ? await issue(parts, { sessionId, expiresAt }) : null,
  }
}

async function readToken({ clock, publicUrl, settings }: Parts, token: string): Promise<{ sessionId: string; issuedAt: number }> {
  if (token.length > LONGEST_TOKEN) throw new AppError('SESSION_INVALID')
  try {
    // The age is checked too: a token from the future, seen after a clock was set back, is no longer than an hour's worth.
    const { payload } = await jwtVerify<{ sid: unknown }>(token, keyOf(settings.secret), {
      algorithms: [ALGORITHM], typ: TYPE, issuer: publicUrl, audience: publicUrl, currentDate: clock(), clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: TOKEN_SECONDS, requiredClaims: ['exp', 'sid'],
    })
    if (typeof payload.sid !== 'string' || payload.iat === undefined) throw new AppError('SESSION_INVALID')
    return { sessionId: payload.sid, issuedAt: payload.iat }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError(cause instanceof errors.JWTExpired ? 'SESSION_EXPIRED' : 'SESSION_INVALID', { cause })
  }
}

const keyOf = (secret: Secret): Uint8Array => Buffer.from(secret.reveal(), 'utf8')
