// What an orchestrator asks: does the process live (/health), may it get traffic (/ready), how is it doing (/metrics).
// Plain routes without schemas, outside of the authenticated scope: keep /metrics away from the public.
import type { FastifyInstance } from 'fastify'
import type { Problem } from '../../contract/problem.ts'
import { ERRORS } from '../errors.ts'
import type { Metrics } from './metrics.ts'

export interface ReadinessCheck {
  /** What is missing when the check fails, for the operator: `database`. */
  readonly name: string
  /** Throws when it is missing. */
  readonly check: () => Promise<void>
}

export function addOperationsRoutes(app: FastifyInstance, { metrics, readiness }: { metrics: Metrics; readiness: readonly ReadinessCheck[] }): void {
  app.get('/health', { schema: { hide: true } }, () => ({ status: 'ok' }))

  app.get('/ready', { schema: { hide: true } }, async (request, reply) => {
    const outcomes = await Promise.allSettled(readiness.map(async ({ check }) => check()))
    const missing = readiness.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ name }) => name)
    if (missing.length === 0) return { status: 'ready' }
    const { status, message } = ERRORS.NOT_READY
    const problem: Problem = { type: 'urn:autodevops:error:NOT_READY', title: message, status, code: 'NOT_READY', detail: `missing: ${missing.join(', ')}`, requestId: request.id }
    return reply.status(status).header('retry-after', '5').type('application/problem+json').send(JSON.stringify(problem))
  })

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.print()))
}
