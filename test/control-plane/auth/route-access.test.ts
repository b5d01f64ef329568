// Calls every route of the OpenAPI document, as the running service publishes it, with every kind of credentials, and expects exactly
// what the table says. A route that others add is walked too, as soon as it has its row.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fastify } from 'fastify'
import { guardRoutes } from '../../../control-plane/auth/guard-routes.ts'
import { SCOPES } from '../../../control-plane/auth/principal.ts'
import { ROLES } from '../../../control-plane/auth/roles.ts'
import { ROUTE_ACCESS, type RouteAccess } from '../../../control-plane/auth/route-access.ts'
import { startWalk, type Caller, type Walk } from './route-walk.ts'

let walk: Walk

beforeAll(async () => {
  walk = await startWalk()
})
afterAll(() => walk.close())

/** Written down a second time on purpose: what the table means, not how the guard reads it. */
function expectedFor(access: RouteAccess, caller: Caller): 'passes' | 401 | 403 {
  if (access === 'public') return 'passes'
  if (caller.kind === 'nobody') return 401
  if (caller.kind === 'run') return access.runs ? 'passes' : 403
  if (caller.kind === 'person') return ROLES.indexOf(caller.role) < ROLES.indexOf(access.role) ? 403 : 'passes'
  if (access.scope === null) return 403
  return caller.scope === 'admin' || caller.scope === access.scope ? 'passes' : 403
}

test('the document and the table hold the same routes', () => {
  expect(walk.routes.map(({ key }) => key).sort()).toEqual(Object.keys(ROUTE_ACCESS).sort())
})

describe('every route', () => {
  const callers: Caller[] = [
    ...['no credentials', 'an expired session', 'an ended session', 'a forged session', 'a revoked key', 'an expired key', 'a malformed key'].map((name) => ({ kind: 'nobody', name }) as const),
    ...ROLES.map((role) => ({ kind: 'person', name: `the role ${role}`, role }) as const),
    ...SCOPES.map((scope) => ({ kind: 'key', name: `a key of the scope ${scope}`, scope }) as const),
    { kind: 'run', name: 'a workflow run' },
  ]

  test.each(callers)('answers $name as the table says', async (caller) => {
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const route of walk.routes) {
      const { status, code } = await walk.call(route, await walk.headersOf(caller))
      const access = ROUTE_ACCESS[route.key]
      if (access === undefined) throw new Error(`${route.key} is not in the table`)
      // A public route may refuse for reasons of its own, such as a missing signature.
      answers[route.key] = access === 'public' ? (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : 'passes') : status === 401 ? 401 : code === 'FORBIDDEN' ? 403 : 'passes'
      expected[route.key] = expectedFor(access, caller)
    }
    expect(answers).toEqual(expected)
  })

  test('with an id shows nothing of another organisation, and finds its own', async () => {
    for (const route of walk.routes.filter((route) => route.path.includes('{') && !walk.creates(route))) {
      const foreign = await walk.call(route, await walk.headersOf({ kind: 'key', name: '', scope: 'admin' }), { ids: 'of the other organisation', body: walk.bodyFor(route.key) })
      expect([route.key, foreign.status]).toEqual([route.key, 404])
      if (!walk.knows(route)) continue
      const own = await walk.call(route, await walk.headersOf({ kind: 'person', name: '', role: 'owner' }), { ids: 'own', body: walk.bodyFor(route.key) })
      expect([route.key, own.status < 400, own.code]).toEqual([route.key, true, null])
    }
  })

  test('changes nothing for a session without our header', async () => {
    const changing = walk.routes.filter(({ key, method }) => method !== 'GET' && ROUTE_ACCESS[key] !== 'public')
    expect(changing.length).toBeGreaterThan(5)
    for (const route of changing) {
      const { cookie = '' } = await walk.headersOf({ kind: 'person', name: '', role: 'owner' })
      expect([route.key, await walk.call(route, { cookie })]).toEqual([route.key, { status: 403, code: 'CROSS_SITE_REQUEST' }])
    }
  })
})

test('a route without a row does not boot', async () => {
  const app = fastify()
  const failures = { check: () => Promise.resolve(), count: () => Promise.resolve() }
  guardRoutes(app, { table: {}, authenticate: () => Promise.reject(new Error('never')), failures, publicUrl: 'http://service.test' })
  expect(() => app.get('/v1/forgotten', () => '')).toThrow('GET /v1/forgotten has no row in control-plane/auth/route-access.ts')
  await app.close()
})
