// The OpenAPI document and its page, /docs. What a route says about itself is completed from what holds for all of them: who may
// call it (auth/route-access.ts) and which errors it answers (documented-errors.ts).
import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemSchema } from '../../contract/problem.ts'
import type { RouteAccess } from '../auth/route-access.ts'
import { ERRORS, type ErrorCode } from '../errors.ts'
import { SESSION_COOKIE } from './cookies.ts'
import { documentedErrors, isReading } from './documented-errors.ts'
import { IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY } from './idempotent-writes.ts'
import { CSRF_HEADER } from './same-site.ts'

type Transform = typeof jsonSchemaTransform
type JsonObject = Readonly<Record<string, unknown>>

const PROBLEM = 'application/problem+json'
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key (adk_...) or a GitHub Actions OIDC token' },
  session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: `Set by GET /v1/auth/github. What changes something needs the header ${CSRF_HEADER} besides, with any value` },
} as const
const RETRY_AFTER = { 'retry-after': { type: 'integer', description: 'Seconds, where the wait is known' } }
const HEADERS: Readonly<Record<number, JsonObject>> = {
  401: { 'www-authenticate': { type: 'string' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
}

/** Registered before the routes, which it collects. `publicUrl`: where the document says that the service is. */
export async function addOpenApiDocument(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'AutoDevOps control plane', version: '1', description: 'Errors are problem documents (RFC 9457) with a stable code.' },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: SECURITY_SCHEMES, schemas: { Problem: z.toJSONSchema(problemSchema) as { type: 'object' } } },
    },
    transform: documentRoute,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}

const documentRoute: Transform = (given) => {
  const { schema, url } = jsonSchemaTransform(given)
  const own: FastifySchema | undefined = given.schema
  if (own === undefined || schema.hide === true) return { schema, url }
  const { errors: _codes, ...rest } = schema
  return {
    url,
    schema: { ...rest, ...accessOf(given.route, own), ...headersOf(given.route, rest), response: { ...describeSuccess(schema.response), ...errorResponses(given.route, own) } },
  }
}

/** Who may call it, in words and as security requirements. */
function accessOf({ config }: RouteOptions, { description }: FastifySchema): JsonObject {
  const access: RouteAccess | undefined = config?.access
  if (access === undefined || access === 'public') return { security: [], description: description ?? 'Needs no credentials.' }
  const { role, scope, runs } = access
  const who = [`people with the role ${role} or above`, ...(scope === null ? [] : [`API keys with the scope ${[...new Set([scope, 'admin'])].join(' or ')}`]), ...(runs ? ['workflow runs with their OIDC token'] : [])]
  return {
    security: [...(scope === null ? [] : [{ bearer: [] }]), { session: [] }],
    description: [description, `For ${who.join(', ')}.`].filter((part) => part !== undefined).join(' '),
  }
}

/** Every write by somebody takes an idempotency key. */
function headersOf({ method, config }: RouteOptions, { headers }: FastifySchema): JsonObject {
  const access: RouteAccess | undefined = config?.access
  if (access === undefined || access === 'public' || isReading(method)) return {}
  const own = (headers ?? { type: 'object' }) as { readonly properties?: JsonObject }
  const key = { ...IDEMPOTENCY_KEY, description: 'Of your making. Sent again with the same request within a day, it gets the answer of the first, and nothing is done twice' }
  return { headers: { ...own, properties: { ...own.properties, [IDEMPOTENCY_HEADER]: key } } }
}

function describeSuccess(responses: unknown): JsonObject {
  return Object.fromEntries(Object.entries((responses ?? {}) as Record<string, JsonObject>).map(([status, response]) =>
    [status, { ...response, description: response.description ?? STATUS_CODES[status] }]))
}

const errorResponses = (route: RouteOptions, schema: FastifySchema): JsonObject =>
  Object.fromEntries([...documentedErrors(route, schema)].map(([status, codes]) => [status, errorResponse(status, codes)]))

function errorResponse(status: number, codes: readonly ErrorCode[]): JsonObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
    ...(HEADERS[status] === undefined ? {} : { headers: HEADERS[status] }),
    content: {
      [PROBLEM]: {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { status: { enum: [status] }, code: { enum: codes } } }] },
      },
    },
  }
}
