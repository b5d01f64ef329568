// What a feature hands to buildApp: a function that adds its routes to the authenticated /v1 scope.
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Principal } from './auth/principal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read on every route under /v1. `request.id` is the correlation id. */
    principal: Principal
    /** Whether the same credentials would be let in now, for answers that last. Rejects when they would not. */
    checkCredentials: () => Promise<void>
  }
}

/** Fastify with zod schemas: `body`, `querystring`, `params` and `response` of a route are zod types. */
export type RouteScope = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

/** Adds routes below /v1; paths are written without that prefix. */
export type AppRoutes = (scope: RouteScope) => void
