// GET /v1/quotas, and GET, PUT, DELETE /v1/quotas/:id with PUT /v1/quotas/:id/override: limits, what is used of them, and what
// replaces them for a while.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import type { By, QuotasAdministration } from './quotas-administration.ts'
import { overrideSchema, quotaSchema } from './quota-schema.ts'
import { shownQuotaSchema } from './shown-quota-schema.ts'
import { QUOTA_ID } from './subjects.ts'

const params = z.strictObject({ id: z.string().max(200).meta({ pattern: QUOTA_ID.source }) })

export function createQuotasRoutes(administration: QuotasAdministration): AppRoutes {
  return (scope) => {
    const tags = ['quotas']
    scope.get('/quotas', { schema: { tags, summary: 'All quotas, and what is used of them', response: { 200: z.strictObject({ quotas: z.array(shownQuotaSchema) }) } } }, async ({ principal }) => {
      return { quotas: await administration.list(principal.tenantId) }
    })
    scope.get('/quotas/:id', { schema: { tags, summary: 'One quota, and what is used of it', params, response: { 200: shownQuotaSchema }, errors: ['QUOTA_ID_INVALID', 'QUOTA_NOT_FOUND'] } }, ({ principal, params: { id } }) => {
      return administration.get(principal.tenantId, id)
    })
    scope.put('/quotas/:id', { schema: { tags, summary: 'Set the limits of a quota; a limit that is left out or null is none', params, body: quotaSchema, response: { 200: shownQuotaSchema }, errors: ['QUOTA_ID_INVALID'] } }, (request) => {
      return administration.set(request.params.id, request.body, byOf(request))
    })
    scope.put('/quotas/:id/override', { schema: { tags, summary: 'Replace the limits until a time', params, body: overrideSchema, response: { 200: shownQuotaSchema }, errors: ['QUOTA_ID_INVALID', 'QUOTA_NOT_FOUND'] } }, (request) => {
      return administration.override(request.params.id, request.body, byOf(request))
    })
    scope.delete('/quotas/:id', { schema: { tags, summary: 'Remove a quota: no limit holds any more', params, response: { 204: z.null() }, errors: ['QUOTA_ID_INVALID', 'QUOTA_NOT_FOUND'] } }, async (request, reply) => {
      await administration.remove(request.params.id, byOf(request))
      return reply.status(204).send(null)
    })
  }
}

const byOf = ({ principal, id }: Pick<FastifyRequest, 'principal' | 'id'>): By => ({ tenantId: principal.tenantId, actor: actorOf(principal), correlationId: id })
