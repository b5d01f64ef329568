// /v1/auth: signing in with GitHub, who I am, signing out. And /v1/sessions, where an admin sees and ends those of others.
import { z } from 'zod'
import type { AppRoutes, RouteScope } from '../app-route.ts'
import { AppError } from '../errors.ts'
import { clearCookie, SESSION_COOKIE } from '../http/cookies.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import { actorOf, roleOf, type Principal } from './principal.ts'
import { ROLES } from './roles.ts'
import type { SessionsService } from './sessions-service.ts'
import type { SignInService } from './sign-in-service.ts'

/** What signing in needs; null where the operator has not set it up. */
export type SignIn = { readonly service: SignInService; readonly sessions: SessionsService } | null

const found = z.null().describe('Empty; `location` leads on, `set-cookie` holds what the browser keeps')
/** A path of this service: what begins with two slashes, or a backslash, would lead to another host. */
const returnTo = z.string().max(200).regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'must be a path of this service')
const session = z.object({
  kind: z.enum(['session', 'api-key', 'oidc']), tenant: z.string(), actor: z.string(),
  login: z.string().nullable(), role: z.enum(ROLES).nullable(), scopes: z.array(z.string()).nullable(), expiresAt: z.iso.datetime().nullable(),
})
const listed = z.object({ id: z.string(), userId: z.string(), login: z.string(), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime() })

export function createAuthRoutes(signIn: SignIn): AppRoutes {
  return (scope) => {
    addSignIn(scope, signIn)
    addOwnSession(scope, signIn)
    addSessions(scope, signIn)
  }
}

const configured = (signIn: SignIn): NonNullable<SignIn> => {
  if (signIn === null) throw new AppError('SIGN_IN_NOT_CONFIGURED', { detail: 'GITHUB_OAUTH_CLIENT_ID, GITHUB_OAUTH_CLIENT_SECRET and SESSION_SECRET are not set' })
  return signIn
}

function addSignIn(scope: RouteScope, signIn: SignIn): void {
  scope.get('/auth/github', {
    schema: {
      tags: ['auth'], summary: 'Begin to sign in with GitHub, in a browser',
      querystring: z.strictObject({ tenant: z.string().max(300).optional(), returnTo: returnTo.default('/v1/auth/session') }), response: { 302: found }, errors: ['SIGN_IN_NOT_CONFIGURED'],
    },
  }, async (request, reply) => {
    const { location, cookies } = configured(signIn).service.begin({ tenant: request.query.tenant ?? null, returnTo: request.query.returnTo })
    return reply.header('set-cookie', cookies).redirect(location, 302)
  })

  scope.get('/auth/github/callback', {
    schema: {
      tags: ['auth'], summary: 'Where GitHub leads back to',
      querystring: z.object({ code: z.string().max(500).optional(), state: z.string().max(500).optional(), error: z.string().max(200).optional() }), response: { 303: found },
      errors: [
        'SIGN_IN_NOT_CONFIGURED', 'SIGN_IN_STATE', 'SIGN_IN_REFUSED', 'SIGN_IN_CODE', 'SIGN_IN_MISCONFIGURED', 'MEMBERSHIP_MISSING', 'MEMBERSHIP_AMBIGUOUS',
        'GITHUB_TOKEN_REJECTED', 'GITHUB_FORBIDDEN', 'GITHUB_RATE_LIMITED', 'GITHUB_UNAVAILABLE',
      ],
    },
  }, async (request, reply) => {
    const { location, cookies } = await configured(signIn).service.finish(request.query, { cookie: request.headers.cookie, correlationId: request.id })
    return reply.header('set-cookie', cookies).redirect(location, 303)
  })
}

function addOwnSession(scope: RouteScope, signIn: SignIn): void {
  scope.get('/auth/session', { schema: { tags: ['auth'], summary: 'Who these credentials are', response: { 200: session } } }, ({ principal }) => Promise.resolve(describe(principal)))

  scope.delete('/auth/session', { schema: { tags: ['auth'], summary: 'Sign out', response: { 204: z.null() }, errors: ['SIGN_IN_NOT_CONFIGURED', 'SESSION_NOT_FOUND'] } }, async ({ principal, id }, reply) => {
    if (principal.kind !== 'session') throw new AppError('FORBIDDEN', { detail: 'only a session signs out' })
    await configured(signIn).sessions.revoke(principal.tenantId, principal.sessionId, { actor: actorOf(principal), correlationId: id })
    return reply.header('set-cookie', clearCookie(SESSION_COOKIE)).status(204).send(null)
  })
}

function addSessions(scope: RouteScope, signIn: SignIn): void {
  scope.get('/sessions', {
    schema: { tags: ['auth'], summary: 'Sessions that have not ended', querystring: z.strictObject(cursorQuery), response: { 200: z.object({ sessions: z.array(listed), next: z.string().nullable() }) }, errors: ['SIGN_IN_NOT_CONFIGURED', 'CURSOR_INVALID'] },
  }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
    const identity = { list: 'sessions', tenantId }
    const page = await configured(signIn).sessions.list(tenantId, { after: readCursor(identity, cursor), limit })
    const sessions = page.map(({ _id, userId, login, createdAt, expiresAt }) => ({ id: _id, userId, login, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }))
    return { sessions, next: nextCursor(identity, page, limit) }
  })

  scope.delete('/sessions/:id', {
    schema: { tags: ['auth'], summary: 'End a session; other processes refuse it within 10 seconds', params: z.strictObject({ id: z.string().max(64) }), response: { 204: z.null() }, errors: ['SIGN_IN_NOT_CONFIGURED', 'SESSION_NOT_FOUND'] },
  }, async ({ principal, params, id }, reply) => {
    await configured(signIn).sessions.revoke(principal.tenantId, params.id, { actor: actorOf(principal), correlationId: id })
    return reply.status(204).send(null)
  })
}

function describe(principal: Principal): z.infer<typeof session> {
  return {
    kind: principal.kind, tenant: principal.tenantId, actor: actorOf(principal), role: roleOf(principal),
    login: principal.kind === 'session' ? principal.login : null,
    scopes: principal.kind === 'api-key' ? [...principal.scopes] : null,
    expiresAt: principal.kind === 'session' ? principal.expiresAt.toISOString() : null,
  }
}
