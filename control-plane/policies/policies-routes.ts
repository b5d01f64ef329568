// GET and PUT /v1/policy with entity tags, GET /v1/policy/versions, POST /v1/policy/preview.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { severitySchema } from '../../contract/findings.ts'
import { policySchema } from '../../contract/policies.ts'
import type { AppRoutes } from '../app-route.ts'
import { AppError } from '../errors.ts'
import { pageQuerySchema } from '../http/page-query.ts'
import { filledText } from '../http/request-fields.ts'
import { readVersionTag, versionTag } from '../http/version-tags.ts'
import type { PoliciesService } from './policies-service.ts'

type PolicyVersion = Awaited<ReturnType<PoliciesService['get']>>

const MOST_CHARACTERS = 200_000
const textSchema = z.string().max(MOST_CHARACTERS).describe('As .github/autodevops.yml is written')
const previewSchema = z.strictObject({
  /** Texts are not kept: the preview re-grades what is stored. */
  basis: z.literal('stored findings'),
  repositories: z.array(z.strictObject({ id: z.string(), name: z.string(), before: z.int(), after: z.int() })),
  notConsidered: z.array(z.string()),
  golden: z.array(z.strictObject({
    file: z.string(),
    repositories: z.array(z.string()).describe('For which it is meant, by their names and topics'),
    unknown: z.array(z.strictObject({ name: z.string(), reason: z.string() })).describe('Of which that is not known'),
  })).describe('For each golden workflow of the draft'),
})

const toWire = ({ version, text, by, reason, at }: PolicyVersion): z.infer<typeof policySchema> => ({ version, text, by, reason, at: at.toISOString() })
/** What a run is answered depends on its repository, too. */
const tagOf = ({ version }: PolicyVersion, topics: readonly string[] | null): string =>
  topics === null ? versionTag(version) : `"${version}-${createHash('sha256').update(topics.join(' ')).digest('base64url').slice(0, 16)}"`

export function createPoliciesRoutes({ service }: { readonly service: PoliciesService }): AppRoutes {
  return (scope) => {
    scope.get('/policy', {
      schema: { tags: ['policy'], summary: "The organisation's policy; If-None-Match answers 304",
        headers: z.object({ 'if-none-match': z.string().optional().describe('Entity tags that are known already') }), response: { 200: policySchema, 304: z.null() } },
    }, async ({ principal, headers }, reply) => {
      const found = await service.get(principal.tenantId)
      const topics = principal.kind === 'oidc' ? await service.topicsOf(principal.tenantId, principal.repository.id) : null
      const tag = tagOf(found, topics)
      void reply.header('etag', tag)
      const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
      return known.includes(tag) ? reply.status(304).send(null) : reply.status(200).send({ ...toWire(found), ...(topics === null ? {} : { topics: [...topics] }) })
    })

    scope.put('/policy', {
      schema: {
        tags: ['policy'], summary: 'Write the next version; If-Match names the one that it replaces',
        headers: z.object({ 'if-match': z.string().optional().describe('The ETag of GET /v1/policy; without it nothing is written') }),
        body: z.strictObject({ text: textSchema, reason: filledText(1_000, 'say why') }), response: { 200: policySchema }, errors: ['POLICY_INVALID', 'POLICY_CHANGED'],
      },
    }, async ({ principal, headers, body, id: correlationId }, reply) => {
      const seen = readVersionTag(headers['if-match'])
      if (seen === null) throw new AppError('POLICY_CHANGED', { detail: 'send If-Match with the ETag of GET /v1/policy' })
      const written = await service.put(body, { principal, seen, correlationId })
      return reply.header('etag', versionTag(written.version)).send(toWire(written))
    })

    scope.get('/policy/versions', {
      schema: { tags: ['policy'], summary: 'Every version, oldest first', querystring: pageQuerySchema.extend({ after: z.string().regex(/^\d{1,8}$/, 'a version is a number').optional() }), response: { 200: z.strictObject({ items: z.array(policySchema), next: z.string().nullable() }) } },
    }, async ({ principal, query }) => {
      const { items, next } = await service.versions(principal.tenantId, query)
      return { items: items.map(toWire), next }
    })

    scope.post('/policy/preview', {
      schema: {
        tags: ['policy'], summary: 'Which repositories a policy would turn red, before it is saved',
        body: z.strictObject({ text: textSchema, failOn: severitySchema.default('high') }), response: { 200: previewSchema }, errors: ['POLICY_INVALID'],
      },
    }, async ({ principal, body }) => {
      const { repositories, notConsidered, golden } = await service.preview(principal.tenantId, body)
      return {
        basis: 'stored findings' as const, repositories: [...repositories], notConsidered: [...notConsidered],
        golden: golden.map((each) => ({ file: each.file, repositories: [...each.repositories], unknown: [...each.unknown] })),
      }
    })
  }
}
