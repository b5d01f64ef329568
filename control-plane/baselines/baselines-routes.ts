// GET and PUT /v1/repositories/:id/baseline with entity tags, GET .../baseline/versions and .../baseline/drift.
import { z } from 'zod'
import { commitSchema } from '../../contract/analyses.ts'
import { storedFindingSchema } from '../findings/finding-document.ts'
import type { AppRoutes } from '../app-route.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { pageQuerySchema } from '../http/page-query.ts'
import { filledText } from '../http/request-fields.ts'
import { readVersionTag, versionTag } from '../http/version-tags.ts'
import type { BaselineDrift, BaselinesService } from './baselines-service.ts'

const params = z.strictObject({ id: z.string().max(64) })
const acceptanceSchema = z.strictObject({ version: z.int(), commit: z.string(), by: z.string(), reason: z.string(), at: z.iso.datetime() })
const newAcceptanceSchema = z.strictObject({
  reason: filledText(1_000, 'say why'),
  commit: commitSchema.nullable().default(null).describe('Of the default branch; null: its newest one that was analysed'),
})
const changeSchema = z.strictObject({
  path: z.string(),
  start: z.strictObject({ line: z.int(), column: z.int() }),
  kind: z.enum(['missing', 'weakened', 'outdated', 'extra', 'reordered']),
  severity: storedFindingSchema.shape.severity,
  place: z.string().describe('Empty for the whole file'),
  text: z.string(),
  origin: z.strictObject({ commit: z.string(), author: z.string(), date: z.string().describe('YYYY-MM-DD'), ageDays: z.int() }).nullable().describe('The commit that brought it; null where that was not found out'),
})
const driftSchema = z.strictObject({
  accepted: acceptanceSchema.extend({ ageDays: z.int() }),
  commit: z.string().describe('The newest analysed commit of the default branch'),
  changes: z.array(changeSchema).describe('Most severe first'),
  unlisted: z.int().describe('Changes that found no room'),
  notChecked: z.array(z.strictObject({ what: z.string(), reason: z.string(), count: z.int() })),
})

const OF_CODE_HOST: readonly ErrorCode[] = [
  'GITHUB_UNAVAILABLE', 'GITHUB_RATE_LIMITED', 'GITHUB_TOKEN_MISSING', 'GITHUB_TOKEN_REJECTED', 'GITHUB_FORBIDDEN', 'GITHUB_APP_REJECTED', 'ENCRYPTION_KEY_UNKNOWN', 'SECRET_DAMAGED',
]

export function createBaselinesRoutes({ service, clock }: { readonly service: BaselinesService; readonly clock: Clock }): AppRoutes {
  return (scope) => {
    const tags = ['baselines']
    scope.get('/repositories/:id/baseline', {
      schema: { tags, summary: 'The accepted state of a repository', params, response: { 200: z.strictObject({ accepted: acceptanceSchema.nullable() }) }, errors: ['REPOSITORY_NOT_FOUND'] },
    }, async ({ principal, params: { id } }, reply) => {
      const found = await service.current(principal.tenantId, id)
      return reply.header('etag', versionTag(found?.version ?? 0)).send({ accepted: found && toAcceptance(found) })
    })

    scope.put('/repositories/:id/baseline', {
      schema: {
        tags, summary: 'Accept a state with a reason; If-Match names the one that it replaces',
        params, headers: z.object({ 'if-match': z.string().optional().describe('The ETag of GET .../baseline; without it only the first state is accepted') }),
        body: newAcceptanceSchema, response: { 200: acceptanceSchema }, errors: ['REPOSITORY_NOT_FOUND', 'COMMIT_NOT_FOUND', 'BASELINE_CHANGED', ...OF_CODE_HOST],
      },
    }, async ({ principal, params: { id }, headers, body, id: correlationId }, reply) => {
      const match = headers['if-match']
      const seen = match === undefined ? 0 : readVersionTag(match)
      if (seen === null) throw new AppError('BASELINE_CHANGED', { detail: 'If-Match is no ETag of GET .../baseline' })
      const accepted = await service.accept(id, body, { principal, seen, correlationId })
      return reply.header('etag', versionTag(accepted.version)).send(toAcceptance(accepted))
    })

    scope.get('/repositories/:id/baseline/versions', {
      schema: {
        tags, summary: 'Every state that was accepted, oldest first', params, querystring: pageQuerySchema.extend({ after: z.string().regex(/^\d{1,8}$/, 'a version is a number').optional() }),
        response: { 200: z.strictObject({ items: z.array(acceptanceSchema), next: z.string().nullable() }) }, errors: ['REPOSITORY_NOT_FOUND'],
      },
    }, async ({ principal, params: { id }, query }) => {
      const { items, next } = await service.versions(principal.tenantId, id, query)
      return { items: items.map(toAcceptance), next }
    })

    scope.get('/repositories/:id/baseline/drift', {
      schema: {
        tags, summary: 'What changed in the workflows since the accepted state, by which commit, whose, and how long ago', params,
        response: { 200: driftSchema }, errors: ['REPOSITORY_NOT_FOUND', 'BASELINE_NOT_FOUND', 'COMMIT_NOT_FOUND', ...OF_CODE_HOST],
      },
    }, async ({ principal, params: { id } }) => {
      return toDrift(await service.drift(principal.tenantId, id), clock())
    })
  }
}

const toAcceptance = ({ version, commit, by, reason, at }: BaselineDrift['accepted']): z.infer<typeof acceptanceSchema> => ({ version, commit, by, reason, at: at.toISOString() })

function toDrift({ accepted, commit, changes, unlisted, notChecked }: BaselineDrift, now: Date): z.infer<typeof driftSchema> {
  const daysSince = (at: Date): number => Math.max(0, Math.floor((now.getTime() - at.getTime()) / DAY_MS))
  return {
    accepted: { ...toAcceptance(accepted), ageDays: daysSince(accepted.at) },
    commit, unlisted, notChecked: [...notChecked],
    changes: changes.map(({ origin, ...change }) => ({
      ...change, origin: origin && { commit: origin.commit, author: origin.author, date: origin.at.toISOString().slice(0, 10), ageDays: daysSince(origin.at) },
    })),
  }
}
