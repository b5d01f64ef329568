// /v1/audit: the log page by page, newest first, and as JSON lines, oldest first.
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import type { AuditDocument, AuditService } from './audit-service.ts'

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
const entrySchema = z.object({
  id: z.string(), at: z.iso.datetime(), actor: z.string(), action: z.string(), subject: z.string(), details: values,
  before: values.nullable(), after: values.nullable(), correlationId: z.string().nullable(),
})
const text = z.string().min(1).max(300).optional()
const time = z.iso.datetime({ offset: true }).transform((at) => new Date(at)).optional()
const filters = { actor: text, action: text, subject: text, from: time, to: time }

const JSON_LINES = 'application/x-ndjson'
const streamedText = z.custom<Readable>().meta({ type: 'string' })

export function createAuditRoutes(audit: AuditService): AppRoutes {
  return (scope) => {
    scope.get('/audit', {
      schema: { tags: ['audit'], summary: 'Who changed what, newest first', querystring: z.strictObject({ ...filters, ...cursorQuery }), response: { 200: z.object({ entries: z.array(entrySchema), next: z.string().nullable() }) }, errors: ['CURSOR_INVALID'] },
    }, async ({ principal: { tenantId }, query: { cursor, limit, ...filter } }) => {
      const identity = { list: 'audit', tenantId, filters: filter }
      const page = await audit.list(tenantId, { after: readCursor(identity, cursor), limit }, filter)
      return { entries: page.map(toWire), next: nextCursor(identity, page, limit) }
    })

    scope.get('/audit/export', {
      schema: { tags: ['audit'], summary: 'The log as JSON lines, oldest first', querystring: z.strictObject(filters), response: { 200: { description: 'One entry a line, as in the list', content: { [JSON_LINES]: { schema: streamedText } } } } },
    }, ({ principal: { tenantId }, query }, reply) => {
      void reply.header('content-type', JSON_LINES)
      return Readable.from(linesOf(audit.all(tenantId, query)))
    })
  }
}

async function* linesOf(parts: AsyncGenerator<readonly AuditDocument[]>): AsyncGenerator<string> {
  for await (const part of parts) if (part.length > 0) yield part.map((entry) => `${JSON.stringify(toWire(entry))}\n`).join('')
}

function toWire({ _id, at, actor, action, subject, details, before = null, after = null, correlationId }: AuditDocument): z.infer<typeof entrySchema> {
  return { id: _id, at: at.toISOString(), actor, action, subject, details: mutable(details), before: before && mutable(before), after: after && mutable(after), correlationId }
}

const mutable = (given: AuditDocument['details']): z.infer<typeof values> => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, Array.isArray(value) ? [...(value as readonly string[])] : value as string]))
