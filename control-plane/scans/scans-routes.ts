// GET and PUT /v1/scans: how often the repositories of this organisation are looked at, and how that stands. POST /v1/scans/run: now.
import { z } from 'zod'
import { DORMANT } from '../../pull-request/repository-facts.ts'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import { ERRORS } from '../errors.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import { INTERVALS, REQUESTS_PER_HOUR, SCAN_RESULTS, SKIPPABLE } from './scan-state.ts'
import type { ScannedRepository, ScansService, ScansStatus } from './scans-service.ts'

const settingsSchema = z.strictObject({
  every: z.enum(INTERVALS).describe('Each repository has a place of its own in the interval'),
  requestsPerHour: z.int().min(REQUESTS_PER_HOUR.least).max(REQUESTS_PER_HOUR.most).nullable().default(null).describe('To GitHub, by scans; at most, and when null, what the operator allows'),
  discover: z.boolean().default(true).describe('Whether repositories are taken in that the credentials reach and nobody named yet'),
  skip: z.array(z.enum(SKIPPABLE)).max(SKIPPABLE.length).default([...SKIPPABLE]).describe('What is left out: forks of those, archived and disabled repositories wherever they are'),
})
const count = z.int().min(0)
const listingSchema = z.strictObject({
  dueAt: z.iso.datetime().nullable(), lastAt: z.iso.datetime().nullable(),
  code: z.string().nullable().describe('Why the last one failed'),
  requests: count.describe('To GitHub, by the last one: one for each hundred repositories, and one for each that is listed no more'),
  listed: count, added: count, removed: count, skipped: count,
  isCutOff: z.boolean().describe('There are more repositories than are listed'),
})
const statusSchema = settingsSchema.extend({
  requestsPerHour: z.int().nullable(),
  paused: z.strictObject({ until: z.iso.datetime(), code: z.string(), reason: z.string() }).nullable().describe('Why nobody looks now'),
  requests: z.strictObject({ limit: z.int(), used: z.int(), resetsAt: z.iso.datetime() }).describe('Of this hour'),
  listing: listingSchema.describe('When GitHub is asked which repositories there are, and what came of it'),
  due: z.int().describe('Repositories that wait for their look'),
  analysing: z.int().describe('Analyses that scans asked for and that have not ended; a round is over when both are 0'),
})
const itemSchema = z.strictObject({
  id: z.string(), name: z.string(),
  dueAt: z.iso.datetime().nullable(),
  lastAt: z.iso.datetime().nullable(),
  result: z.enum(SCAN_RESULTS).nullable(),
  code: z.string().nullable().describe('Why it failed'),
  skipped: z.enum(DORMANT).nullable().describe('Why it is left alone, as GitHub said last'),
})

export function createScansRoutes({ service }: { readonly service: ScansService }): AppRoutes {
  return (scope) => {
    scope.get('/scans', {
      schema: {
        tags: ['scans'], summary: 'How often repositories are looked at, when each is next, and what the last look said', querystring: z.strictObject(cursorQuery),
        response: { 200: statusSchema.extend({ items: z.array(itemSchema), next: z.string().nullable() }) },
        errors: ['CURSOR_INVALID'],
      },
    }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
      const identity = { list: 'scans', tenantId }
      const page = await service.list(tenantId, { after: readCursor(identity, cursor), limit })
      return { ...toStatus(await service.status(tenantId)), items: page.map(toItem), next: nextCursor(identity, page, limit) }
    })

    scope.put('/scans', {
      schema: { tags: ['scans'], summary: 'Set how often repositories are looked at, and the budget of requests', body: settingsSchema, response: { 200: statusSchema } },
    }, async ({ principal, id, body }) => {
      return toStatus(await service.set(principal.tenantId, body, { actor: actorOf(principal), correlationId: id }))
    })

    scope.post('/scans/run', {
      schema: { tags: ['scans'], summary: 'Look at every repository now, within the budget', response: { 202: z.strictObject({ due: z.int() }) } },
    }, async ({ principal, id }, reply) => {
      const due = await service.run(principal.tenantId, { actor: actorOf(principal), correlationId: id })
      return reply.status(202).send({ due })
    })
  }
}

function toStatus({ paused, requests, skip, listing: { dueAt, last }, ...status }: ScansStatus): z.infer<typeof statusSchema> {
  return {
    ...status, skip: [...skip],
    listing: {
      dueAt: dueAt?.toISOString() ?? null, lastAt: last?.at.toISOString() ?? null, code: last?.code ?? null, requests: last?.requests ?? 0,
      listed: last?.listed ?? 0, added: last?.added ?? 0, removed: last?.removed ?? 0, skipped: last?.skipped ?? 0, isCutOff: last?.isCutOff ?? false,
    },
    paused: paused && { until: paused.until.toISOString(), code: paused.code, reason: ERRORS[paused.code].message },
    requests: { ...requests, resetsAt: requests.resetsAt.toISOString() },
  }
}

function toItem({ repositoryId: id, name, scan }: ScannedRepository): z.infer<typeof itemSchema> {
  const { dueAt, last, skipped = null } = scan ?? {}
  return { id, name, dueAt: dueAt?.toISOString() ?? null, lastAt: last?.at.toISOString() ?? null, result: last?.result ?? null, code: last?.code ?? null, skipped }
}
