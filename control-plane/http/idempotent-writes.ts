// The header Idempotency-Key: a write that is sent again under the same key is not done again; it gets the answer of the first.
// Only successes are kept, because whatever failed changed nothing.
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf, type Principal } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import type { Claim, KeptAnswer, KeptAnswersStore } from './kept-answers-store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret that is shown once and kept nowhere. */
    answersSecret?: true
  }
  interface FastifyRequest {
    /** What the answer of this request is kept under; null without a key. */
    claim: Claim | null
  }
}

export const IDEMPOTENCY_HEADER = 'idempotency-key'
const REPLAYED_HEADER = 'idempotency-replayed'
export const IDEMPOTENCY_ERRORS: readonly ErrorCode[] = ['REQUEST_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_ANSWER_SECRET']
/** Shape of a key, for the OpenAPI document too. */
export const IDEMPOTENCY_KEY = { type: 'string', pattern: '^[!-~]{1,255}$' } as const

const KEY = new RegExp(IDEMPOTENCY_KEY.pattern)
const READING = ['GET', 'HEAD', 'OPTIONS']
/** What a route says about its answer besides the body. */
const KEPT_HEADERS = ['content-type', 'etag', 'location']
/** In characters. Longer answers are made again. */
const LONGEST_BODY = 512 * 1024
const RETRY_AFTER_SECONDS = 1

/** Added behind the hooks that find out who is asking: a key belongs to its actor. */
export function keepAnswers(scope: FastifyInstance, { answers, clock }: { answers: KeptAnswersStore; clock: Clock }): void {
  scope.decorateRequest('claim', null)
  scope.addHook('preHandler', async (request, reply) => {
    const key = request.headers[IDEMPOTENCY_HEADER]
    const principal = request.principal as Principal | undefined
    if (key === undefined || principal === undefined || READING.includes(request.method)) return
    const claim = { id: idOf(principal, keyOf(key)), claimId: randomUUID() }
    const requestHash = hashOf([request.method, request.url, request.headers['if-match'] ?? '', JSON.stringify(request.body ?? null)])
    const before = await answers.for(principal.tenantId).claim(claim, { requestHash, now: clock() })
    if (before === null) request.claim = claim
    else if (before.requestHash !== requestHash) throw new AppError('IDEMPOTENCY_KEY_REUSED')
    else if (before.answer === null) throw new AppError('IDEMPOTENCY_KEY_IN_USE', { retryAfterSeconds: RETRY_AFTER_SECONDS })
    else return replay(reply, before.answer)
  })
  scope.addHook('onSend', async (request, reply, payload) => {
    const { claim, principal } = request
    if (claim === null) return payload
    const own = answers.for(principal.tenantId)
    const answer = answerOf(request, reply, payload)
    try {
      await (answer === null ? own.release(claim) : own.keep(claim, answer))
    } catch (error) {
      // The write is done, whatever becomes of its key: the claim ends by itself.
      request.log.warn({ err: error }, 'the answer to a request with an idempotency key was not kept')
    }
    return payload
  })
}

function keyOf(header: string | readonly string[]): string {
  if (typeof header === 'string' && KEY.test(header)) return header
  throw new AppError('REQUEST_INVALID', { detail: `${IDEMPOTENCY_HEADER}: send one, of 1 to 255 visible ASCII characters` })
}

const hashOf = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
const idOf = (principal: Principal, key: string): string => hashOf([principal.tenantId, actorOf(principal), key])

/** Null when there is nothing to keep: it failed, or the answer is no text or a very long one. */
function answerOf({ routeOptions }: FastifyRequest, reply: FastifyReply, payload: unknown): KeptAnswer | null {
  const isText = typeof payload === 'string' || payload === null || payload === undefined
  if (reply.statusCode >= 300 || !isText) return null
  const body = payload ?? ''
  if (body.length > LONGEST_BODY) return null
  const headers = Object.fromEntries(KEPT_HEADERS.flatMap((name) => (typeof reply.getHeader(name) === 'string' ? [[name, String(reply.getHeader(name))]] : [])))
  return { status: reply.statusCode, headers, body: routeOptions.config.answersSecret === true ? null : body }
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  if (body === null) throw new AppError('IDEMPOTENCY_ANSWER_SECRET')
  // A string is sent as it is; no schema has a say in it again.
  return reply.status(status).headers(headers).header(REPLAYED_HEADER, 'true').send(body === '' ? null : body)
}
