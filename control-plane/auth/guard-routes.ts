// Holds every route of a scope to the table of route-access.ts: who may call it, and, where a cookie is the credential, that the
// request was made by our own pages. Runs before the body is read.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { checkSameSite } from '../http/same-site.ts'
import type { RequestLimiter } from '../http/request-limits.ts'
import type { Authenticate } from './authenticate.ts'
import type { Principal } from './principal.ts'
import { isAtLeast } from './roles.ts'
import type { RouteAccess, RouteAccessTable } from './route-access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's row of the table. */
    access?: RouteAccess
  }
}

interface Parts {
  readonly table: RouteAccessTable
  readonly authenticate: Authenticate
  readonly failures: RequestLimiter['failures']
  readonly publicUrl: string
}

/** Throws at boot for a route that the table does not have. */
export function guardRoutes(scope: FastifyInstance, { table, authenticate, failures, publicUrl }: Parts): void {
  scope.addHook('onRoute', (route) => {
    // A HEAD route is made of each GET route; it shows no more than that.
    const methods = [route.method].flat().map((method) => (method === 'HEAD' ? 'GET' : method))
    const rows = methods.map((method) => rowOf(table, `${method} ${route.url}`))
    if (new Set(rows).size > 1) throw new TypeError(`${route.url} is one route for methods with different rows in control-plane/auth/route-access.ts`)
    route.config = { ...route.config, ...(rows[0] === undefined ? {} : { access: rows[0] }) }
  })
  scope.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access
    if (access === 'public') return
    await failures.check(request)
    try {
      const { principal, cookie } = await authenticate(request.headers)
      request.principal = principal
      if (cookie !== null) void reply.header('set-cookie', cookie)
    } catch (error) {
      await failures.count(request)
      throw error
    }
    if (request.principal.kind === 'session') checkSameSite(request, publicUrl)
    allow(request, access)
    request.checkCredentials = async () => {
      const { principal } = await authenticate(request.headers)
      allow({ principal }, access)
    }
  })
}

function rowOf(table: RouteAccessTable, route: string): RouteAccess {
  const row = Object.hasOwn(table, route) ? table[route] : undefined
  if (row === undefined) throw new TypeError(`${route} has no row in control-plane/auth/route-access.ts`)
  return row
}

function allow({ principal }: Pick<FastifyRequest, 'principal'>, access: Exclude<RouteAccess, 'public'> | undefined): void {
  const missing = access === undefined ? 'nobody may' : missingFor(principal, access)
  if (missing !== null) throw new AppError('FORBIDDEN', { detail: missing })
}

/** What the principal lacks, in words; null when it may. */
function missingFor(principal: Principal, { role, scope, runs }: Exclude<RouteAccess, 'public'>): string | null {
  switch (principal.kind) {
    case 'session': return isAtLeast(principal.role, role) ? null : `the role ${role} is needed; yours is ${principal.role}`
    case 'oidc': return runs ? null : 'a workflow run may not do this; use an API key'
    case 'api-key':
      if (scope === null) return 'an API key may not do this; sign in'
      return principal.scopes.includes(scope) || principal.scopes.includes('admin') ? null : `the scope ${scope} is needed`
  }
}
