// Every failure of a request leaves here: as a problem document (RFC 9457) with a code of the catalogue and the request's
// id. What is not in the catalogue becomes INTERNAL; its original goes to the log alone.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Problem } from '../../contract/problem.ts'
import { fromDatabaseError } from '../database/database-errors.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { CORRELATION_HEADER } from './correlation-id.ts'

const MOST_ISSUES = 5
const BY_STATUS: Readonly<Record<number, ErrorCode>> = { 404: 'ROUTE_NOT_FOUND', 415: 'MEDIA_TYPE_UNSUPPORTED', 429: 'RATE_LIMITED' }

/** Fastify's error handler. */
export function replyWithProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(thrown, request)
  log(error, thrown, request)
  if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds))
  if (error.row.status === 401) void reply.header('www-authenticate', 'Bearer')
  // Some failures come before the hooks that set it otherwise.
  void reply.header(CORRELATION_HEADER, request.id)
  // A string: no schema of a route has a say in how an error is written.
  return reply.status(error.row.status).type('application/problem+json').send(JSON.stringify(toProblem(error, request.id)))
}

function toProblem({ code, row, detail }: AppError, requestId: string): Problem {
  return {
    type: `urn:autodevops:error:${code}`,
    title: row.message,
    status: row.status,
    code,
    ...(detail === undefined ? {} : { detail }),
    requestId,
  }
}

function toAppError(thrown: unknown, { routeOptions }: Pick<FastifyRequest, 'routeOptions'>): AppError {
  const error = fromDatabaseError(thrown)
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message }) => `${instancePath === '' ? '/' : instancePath} ${message ?? 'is invalid'}`)
    const more = issues.length > MOST_ISSUES ? `; and ${issues.length - MOST_ISSUES} more` : ''
    return new AppError('BODY_INVALID', { detail: `${error.validationContext ?? 'request'}: ${issues.slice(0, MOST_ISSUES).join('; ')}${more}` })
  }
  const { statusCode, code = '' } = error as { statusCode?: number; code?: string }
  if (statusCode === undefined || statusCode >= 500) return new AppError('INTERNAL', { cause: error })
  if (statusCode === 413) return new AppError('BODY_TOO_LARGE', { detail: `the limit here is ${routeOptions.bodyLimit} bytes`, cause: error })
  const isBody = code.startsWith('FST_ERR_CTP') || code.startsWith('Z_') || error instanceof SyntaxError
  return new AppError(BY_STATUS[statusCode] ?? (isBody ? 'BODY_MALFORMED' : 'REQUEST_INVALID'), { cause: error })
}

/** ERROR means that somebody must act: our own failures. What heals by itself is a warning, what callers do wrong is information. */
function log(error: AppError, thrown: unknown, request: FastifyRequest): void {
  const { blame, retry } = error.row
  if (blame === 'caller') request.log.info({ code: error.code, detail: error.detail }, 'the request was refused')
  else request.log[blame === 'us' && !retry ? 'error' : 'warn']({ code: error.code, err: thrown }, 'the request failed')
}
