// Requests per minute: for each actor whose credentials were accepted, and for each address that sends bad ones.
// Counted in this process: with several API processes the real limit is a multiple.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorOf } from '../auth/principal.ts'
import { AppError } from '../errors.ts'

const WINDOW_MS = 60_000
/** Of the limit per actor: what an address may fail to authenticate. */
const FAILURES_SHARE = 10

export interface FailureLimit {
  /** Throws RATE_LIMITED when this address has failed too often. */
  check(request: FastifyRequest): Promise<void>
  count(request: FastifyRequest): Promise<void>
}

/** Limits every route of the scope that is added later; answers carry the RateLimit headers. */
export async function limitRequests(scope: FastifyInstance, perMinute: number): Promise<FailureLimit> {
  await scope.register(rateLimit, {
    max: perMinute,
    timeWindow: WINDOW_MS,
    keyGenerator: limitKey,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => rateLimited(ttl),
  })
  const failures = scope.createRateLimit({ max: Math.max(1, Math.ceil(perMinute / FAILURES_SHARE)), timeWindow: WINDOW_MS, keyGenerator: ({ ip }) => `failures:${ip}` })
  return {
    check: async (request) => {
      const limit = await failures(request, { increment: false })
      if (!limit.isAllowed && limit.remaining === 0) throw rateLimited(limit.ttl)
    },
    count: async (request) => {
      await failures(request)
    },
  }
}

/** Public routes know the address only. */
function limitKey(request: FastifyRequest): string {
  const principal = request.principal as typeof request.principal | undefined
  return principal === undefined ? `public:${request.ip}` : actorOf(principal)
}

const rateLimited = (ttlMs: number): AppError => new AppError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) })
