// Requests per minute: of each address, of each actor whose credentials were accepted, of each organisation; and of each address
// that sends bad credentials, or webhooks. Counted by request-counts.ts, for all processes together.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { actorOf } from '../auth/principal.ts'
import { AppError } from '../errors.ts'
import { WINDOW_MS, type Count, type RequestCounts } from './request-counts.ts'

/** Requests per minute. */
export interface RequestLimits {
  readonly actor: number
  readonly tenant: number
  readonly address: number
  /** Of one address, to routes whose callers prove themselves otherwise than by credentials. */
  readonly webhooks: number
}

/** Of the limit per actor: what an address may fail to authenticate. */
const FAILURES_SHARE = 10

type Check = (request: FastifyRequest) => Promise<void>

/** Each throws RATE_LIMITED. */
export interface RequestLimiter {
  readonly checkAddress: Check
  readonly checkOpenRoute: Check
  /** A hook for after the credentials: its limit is what the RateLimit headers of an answer tell. */
  readonly limitActor: onRequestAsyncHookHandler
  readonly checkTenant: Check
  readonly failures: {
    readonly check: Check
    readonly count: Check
  }
}

export async function createRequestLimiter(app: FastifyInstance, { limits, counts }: { readonly limits: RequestLimits; readonly counts: RequestCounts }): Promise<RequestLimiter> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS, enableDraftSpec: true, store: storeOn(counts), errorResponseBuilder: (_request, { ttl, max }) => rateLimited(ttl, `${max} a minute of one actor`) })
  const limiter = (max: number, whose: string, keyGenerator: (request: FastifyRequest) => string) => {
    const ask = app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator })
    return async (request: FastifyRequest, increment = true): Promise<void> => {
      const limit = await ask(request, { increment })
      if (!limit.isAllowed && (increment ? limit.isExceeded : limit.remaining === 0)) throw rateLimited(limit.ttl, `${max} a minute ${whose}`)
    }
  }
  const failing = limiter(Math.max(1, Math.ceil(limits.actor / FAILURES_SHARE)), 'with wrong credentials from one address', ({ ip }) => `failures:${ip}`)
  const address = limiter(limits.address, 'from one address', ({ ip }) => `address:${ip}`)
  const openRoute = limiter(limits.webhooks, 'of webhooks from one address', ({ ip }) => `webhooks:${ip}`)
  const tenant = limiter(limits.tenant, 'of one organisation', ({ principal }) => `tenant:${principal.tenantId}`)
  return {
    checkAddress: (request) => address(request),
    checkOpenRoute: (request) => openRoute(request),
    limitActor: app.rateLimit({ max: limits.actor, timeWindow: WINDOW_MS, keyGenerator: actorKey }),
    checkTenant: async (request) => {
      if (isKnown(request)) await tenant(request)
    },
    failures: {
      check: (request) => failing(request, false),
      // The answer is a refusal already: that it was one too many is said next time.
      count: (request) => failing(request).catch(() => undefined),
    },
  }
}

const isKnown = (request: FastifyRequest): boolean => (request.principal as typeof request.principal | undefined) !== undefined

/** Public routes know the address only. */
const actorKey = (request: FastifyRequest): string =>
  isKnown(request) ? `${request.principal.tenantId} ${actorOf(request.principal)}` : `public:${request.ip}`

/** The plugin makes its stores itself, one for each limit; all of ours are views of the same counts. */
function storeOn(counts: RequestCounts) {
  type Answer = (error: Error | null, result?: Count) => void
  return class {
    incr(key: string, answer: Answer): void {
      answer(null, counts.add(key))
    }

    read(key: string, answer: Answer): void {
      answer(null, counts.read(key))
    }

    child(): this {
      return this
    }
  }
}

/** For routes whose callers prove themselves otherwise: a limit of their own, and wrong proof counts as wrong credentials do. */
export function limitOpenRoutes(scope: FastifyInstance, { checkOpenRoute, failures }: Pick<RequestLimiter, 'checkOpenRoute' | 'failures'>): void {
  scope.addHook('onRequest', (request) => checkOpenRoute(request))
  scope.addHook('onRequest', (request) => failures.check(request))
  scope.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    if (reply.statusCode === 401) await failures.count(request)
  })
}

const rateLimited = (ttlMs: number, limit: string): AppError =>
  new AppError('RATE_LIMITED', { detail: `the limit is ${limit}`, retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) })
