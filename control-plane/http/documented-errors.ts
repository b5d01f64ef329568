// Which errors each route documents. A route names what its own service refuses, as `errors` of its schema; what every route refuses
// before that (credentials, limits, what cannot be read) follows from its row of the access table and from its shape.
import type { FastifySchema, RouteOptions } from 'fastify'
import type { RouteAccess } from '../auth/route-access.ts'
import { ERRORS, type ErrorCode } from '../errors.ts'
import { IDEMPOTENCY_ERRORS } from './idempotent-writes.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** Codes that the route answers besides those of every route. */
    errors?: readonly ErrorCode[]
  }
}

type Route = Pick<RouteOptions, 'method' | 'config'>

const READING = ['GET', 'HEAD']
const ANY_ROUTE: readonly ErrorCode[] = ['RATE_LIMITED', 'DATABASE_UNAVAILABLE', 'INTERNAL']
const SHAPE: readonly ErrorCode[] = ['BODY_INVALID']
const PATH_PARAMETERS: readonly ErrorCode[] = ['ROUTE_NOT_FOUND', 'REQUEST_INVALID']
const BODY: readonly ErrorCode[] = ['BODY_INVALID', 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED']
/** Whatever the credentials are for, they are looked at first: a workflow's token can be wrong where no workflow may call. */
const CREDENTIALS: readonly ErrorCode[] = [
  'UNAUTHENTICATED', 'API_KEY_INVALID', 'API_KEY_EXPIRED', 'SESSION_INVALID', 'SESSION_EXPIRED',
  'TOKEN_MALFORMED', 'TOKEN_UNSIGNED', 'TOKEN_SIGNATURE', 'TOKEN_KEY_UNKNOWN', 'TOKEN_EXPIRED', 'TOKEN_NOT_YET_VALID', 'TOKEN_AUDIENCE', 'TOKEN_ISSUER', 'TOKEN_CLAIMS',
  'TENANT_UNKNOWN', 'FORBIDDEN', 'ISSUER_UNAVAILABLE',
]

/** By status, ascending; without double entries. */
export function documentedErrors(route: Route, schema: FastifySchema): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = new Set([...ofAccess(route), ...ofShape(route, schema), ...(schema.errors ?? [])])
  const statuses = [...new Set([...codes].map((code) => ERRORS[code].status))].sort((a, b) => a - b)
  return new Map(statuses.map((status) => [status, [...codes].filter((code) => ERRORS[code].status === status)]))
}

/** Routes outside of the table are outside of the scope that refuses under pressure, too. */
function ofAccess({ method, config }: Route): readonly ErrorCode[] {
  const access: RouteAccess | undefined = config?.access
  if (access === undefined) return ANY_ROUTE
  if (access === 'public') return [...ANY_ROUTE, 'OVERLOADED']
  return [...ANY_ROUTE, 'OVERLOADED', ...CREDENTIALS, ...(isReading(method) ? [] : ['CROSS_SITE_REQUEST' as const, ...IDEMPOTENCY_ERRORS])]
}

function ofShape({ method }: Route, { querystring, headers, params }: FastifySchema): readonly ErrorCode[] {
  return [
    ...([querystring, headers, params].some((part) => part !== undefined) ? SHAPE : []),
    ...(params === undefined ? [] : PATH_PARAMETERS),
    // A body is read where none is asked for, too, when one is sent.
    ...(isReading(method) ? [] : BODY),
  ]
}

export const isReading = (method: RouteOptions['method']): boolean => [method].flat().every((each) => READING.includes(each))
