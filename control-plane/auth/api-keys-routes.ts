// /v1/api-keys: made (and shown once), listed without their secret, revoked.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import { filledText } from '../http/request-fields.ts'
import type { ApiKeysService } from './api-keys-service.ts'
import { actorOf, SCOPES } from './principal.ts'

const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)
const described = {
  id: z.string(), name: z.string(), scopes: z.array(z.enum(SCOPES)), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime().nullable(),
}
const listed = z.object({ ...described, lastUsedAt: z.iso.datetime().nullable(), revokedAt: z.iso.datetime().nullable() })
const created = z.object({ ...described, key: z.string().describe('Shown only now') })
const newKey = z.strictObject({
  name: filledText(100), scopes,
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null).describe('Null: never'),
})

export function createApiKeysRoutes(apiKeys: ApiKeysService): AppRoutes {
  return (scope) => {
    scope.post('/api-keys', { config: { answersSecret: true }, schema: { tags: ['api keys'], summary: 'Make an API key; it is shown only now', body: newKey, response: { 201: created } } }, async (request, reply) => {
      const { name, scopes: wanted, expiresAt: text } = request.body
      const expiresAt = text === null ? null : new Date(text)
      const by = { actor: actorOf(request.principal), correlationId: request.id }
      const { keyId, key, createdAt } = await apiKeys.create(request.principal.tenantId, { name, scopes: SCOPES.filter((each) => wanted.includes(each)), expiresAt }, by)
      return reply.status(201).send({ id: keyId, name, scopes: wanted, createdAt: createdAt.toISOString(), expiresAt: iso(expiresAt), key: key.reveal() })
    })

    scope.get('/api-keys', {
      schema: { tags: ['api keys'], summary: 'API keys, revoked ones too, without their secrets', querystring: z.strictObject(cursorQuery), response: { 200: z.object({ apiKeys: z.array(listed), next: z.string().nullable() }) }, errors: ['CURSOR_INVALID'] },
    }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
      const identity = { list: 'api-keys', tenantId }
      const page = await apiKeys.list(tenantId, { after: readCursor(identity, cursor), limit })
      return { apiKeys: page.map(toWire), next: nextCursor(identity, page, limit) }
    })

    scope.delete('/api-keys/:id', {
      schema: { tags: ['api keys'], summary: 'Revoke an API key; other processes refuse it within 10 seconds', params: z.strictObject({ id: z.string().max(64) }), response: { 204: z.null() }, errors: ['API_KEY_NOT_FOUND'] },
    }, async ({ principal, params, id }, reply) => {
      await apiKeys.revoke(principal.tenantId, params.id, { actor: actorOf(principal), correlationId: id })
      return reply.status(204).send(null)
    })
  }
}

type Listed = Awaited<ReturnType<ApiKeysService['list']>>[number]

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

const toWire = ({ _id, name, scopes: given, createdAt, expiresAt, lastUsedAt, revokedAt }: Listed): z.infer<typeof listed> =>
  ({ id: _id, name, scopes: [...given], createdAt: createdAt.toISOString(), expiresAt: iso(expiresAt), lastUsedAt: iso(lastUsedAt), revokedAt: iso(revokedAt) })
