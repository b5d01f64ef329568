// One id per request, from the caller if it sent a usable one: it is in every log line, every answer, and travels with
// the analysis to the worker and the pull request.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export const CORRELATION_HEADER = 'x-correlation-id'
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/

export function correlationIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[CORRELATION_HEADER]
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID()
}
