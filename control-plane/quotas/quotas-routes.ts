// GET /v1/quotas, and GET, PUT, DELETE /v1/quotas/:id with PUT /v1/quotas/:id/override: limits, what is used of them, and what
// replaces them for a while.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import { problemOfAmount } from './amounts.ts'
import type { By, QuotasAdministration } from './quotas-administration.ts'

const limit = z.custom<number | null>().default(null).superRefine((value, context) => {
  const problem = value === null ? null : problemOfAmount(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})
const periodLimits = z.strictObject({ requests: limit, tokens: limit, costMicroUsd: limit }).prefault({})
const limits = z.strictObject({ day: periodLimits, month: periodLimits })
const percents = z.array(z.int().min(1).max(100)).max(10).default([80, 95])
const quotaBody = z.strictObject({ limits, warnAtPercent: percents })
const overrideBody = z.strictObject({ limits, reason: z.string().trim().min(1).max(500), until: z.iso.datetime() })
const params = z.strictObject({ id: z.string().max(200) })

export function createQuotasRoutes(administration: QuotasAdministration): AppRoutes {
  return (scope) => {
    const tags = ['quotas']
    scope.get('/quotas', { schema: { tags, summary: 'All quotas, and what is used of them' } }, async ({ principal }) => {
      return { quotas: await administration.list(principal.tenantId) }
    })
    scope.get('/quotas/:id', { schema: { tags, summary: 'One quota, and what is used of it', params } }, ({ principal, params: { id } }) => {
      return administration.get(principal.tenantId, id)
    })
    scope.put('/quotas/:id', { schema: { tags, summary: 'Set the limits of a quota; a limit that is left out or null is none', params, body: quotaBody } }, (request) => {
      return administration.set(request.params.id, request.body, byOf(request))
    })
    scope.put('/quotas/:id/override', { schema: { tags, summary: 'Replace the limits until a time', params, body: overrideBody } }, (request) => {
      return administration.override(request.params.id, request.body, byOf(request))
    })
    scope.delete('/quotas/:id', { schema: { tags, summary: 'Remove a quota: no limit holds any more', params } }, async (request, reply) => {
      await administration.remove(request.params.id, byOf(request))
      return reply.status(204).send()
    })
  }
}

const byOf = ({ principal, id }: Pick<FastifyRequest, 'principal' | 'id'>): By => ({ tenantId: principal.tenantId, actor: actorOf(principal), correlationId: id })
