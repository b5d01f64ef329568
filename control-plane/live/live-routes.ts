// GET /v1/events and GET /v1/analyses/:id/events: what becomes of analyses, while it happens, as server-sent events.
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AnalysesService } from '../analyses/analyses-service.ts'
import { hasEnded } from '../analyses/analysis-states.ts'
import type { AppRoutes } from '../app-route.ts'
import { AppError } from '../errors.ts'
import { createEventStream, type EventStream, type ServerEvent } from './event-stream.ts'
import { OVERLAP_MS, type AnalysisChange, type LiveChanges } from './live-changes.ts'

interface Parts {
  readonly changes: LiveChanges
  readonly analyses: Pick<AnalysesService, 'get'>
  /** Ends all streams when the service stops. */
  readonly stopping: AbortSignal
  readonly limits?: { readonly perTenant: number; readonly inAll: number }
  /** Between two looks whether the credentials still hold. */
  readonly checkEveryMs?: number
}

const LIMITS = { perTenant: 50, inAll: 1_000 }
const CHECK_EVERY_MS = 15_000
const RETRY_SECONDS = 30

const headers = z.object({ 'last-event-id': z.string().max(100).optional() })
const schema = { tags: ['analyses'], headers, response: { 200: { description: 'Server-sent events: analysis, reset, end', content: { 'text/event-stream': { schema: z.custom<Readable>().meta({ type: 'string' }) } } } } }
const errors = ['STREAMS_LIMITED', 'CURSOR_INVALID'] as const

export function createLiveRoutes(parts: Parts): AppRoutes {
  const open = createOpener(parts)
  return (scope) => {
    scope.get('/events', { schema: { ...schema, errors, summary: "Changes of the organisation's analyses, from now on or from Last-Event-ID on" } }, (request, reply) =>
      open(request, reply, { from: cursorOf(request), only: null }))

    scope.get('/analyses/:id/events', {
      schema: { ...schema, summary: 'What an analysis is, and what becomes of it until it ends', params: z.strictObject({ id: z.string().max(64) }), errors: [...errors, 'ANALYSIS_NOT_FOUND'] },
    }, async (request, reply) => {
      const { id } = request.params
      const { createdAt } = await parts.analyses.get(request.principal, id, { seconds: 0, signal: parts.stopping })
      return open(request, reply, { from: cursorOf(request) ?? new Date(createdAt), only: id })
    })
  }
}

interface Wanted {
  /** Changes since then are told first; null: only what comes. */
  readonly from: Date | null
  /** One analysis, at whose end the stream ends. */
  readonly only: string | null
}

function createOpener({ changes, stopping, limits = LIMITS, checkEveryMs = CHECK_EVERY_MS }: Parts) {
  const room = createRoom(limits)
  return async (request: FastifyRequest, reply: Pick<FastifyReply, 'header'>, { from, only }: Wanted): Promise<Readable> => {
    const { principal: { tenantId } } = request
    const cleaning = [room.take(tenantId)]
    const stream = createEventStream(() => { cleaning.forEach((clean) => { clean() }) })
    const teller = createTeller(stream, { looksBack: from !== null, only })
    // First listening, then looking back: nothing falls between.
    cleaning.push(changes.listen(tenantId, { tell: teller.tell }))
    const onStop = (): void => { teller.end('the service stops') }
    stopping.addEventListener('abort', onStop)
    const check = setInterval(() => { request.checkCredentials().catch(() => { teller.end('the credentials do not hold any more') }) }, checkEveryMs)
    cleaning.push(() => { stopping.removeEventListener('abort', onStop) }, () => { clearInterval(check) })
    if (from !== null) {
      const past = await changes.since(tenantId, from).catch((error: unknown) => {
        stream.body.destroy()
        throw error
      })
      teller.tellPast(past)
    }
    if (stopping.aborted) onStop()
    void reply.header('content-type', 'text/event-stream; charset=utf-8')
    void reply.header('x-accel-buffering', 'no')
    return stream.body
  }
}

/** How many streams are open in this process: of an organisation, and in all. */
function createRoom({ perTenant, inAll }: typeof LIMITS) {
  const streams = new Map<string, number>()
  return {
    /** Gives the place back when called. Throws STREAMS_LIMITED, OVERLOADED. */
    take: (tenantId: string): (() => void) => {
      const open = streams.get(tenantId) ?? 0
      if (open >= perTenant) throw new AppError('STREAMS_LIMITED', { detail: `${perTenant} streams of this organisation are open here`, retryAfterSeconds: RETRY_SECONDS })
      if ([...streams.values()].reduce((sum, each) => sum + each, 0) >= inAll) throw new AppError('OVERLOADED', { detail: `${inAll} streams are open here`, retryAfterSeconds: RETRY_SECONDS })
      streams.set(tenantId, open + 1)
      return () => { streams.set(tenantId, (streams.get(tenantId) ?? 1) - 1) }
    },
  }
}

/** Puts changes into the stream, each once: while it looks back, what is told from the past may come as news, and the other way round. */
function createTeller(stream: EventStream, { looksBack, only }: { looksBack: boolean } & Pick<Wanted, 'only'>) {
  const told = new Set<string>()
  const end = (reason: string): void => {
    stream.send({ event: 'end', data: { reason } })
    stream.end()
  }
  /** Null: more than is told. */
  const tell = (change: AnalysisChange | null): void => {
    if (change === null) return stream.send(RESET)
    const event = toEvent(change)
    if ((only !== null && change._id !== only) || told.has(event.id)) return
    if (looksBack) told.add(event.id)
    stream.send(event)
    if (only !== null && hasEnded(change.state)) end('the analysis has ended')
  }
  return {
    tell, end,
    tellPast: (past: readonly AnalysisChange[] | null): void => {
      if (past === null) tell(null)
      else past.forEach(tell)
      looksBack = false
    },
  }
}

/** More happened than is told: read the state again. */
const RESET: ServerEvent = { event: 'reset', data: { reason: 'more changed than is told; read the lists again' } }

function toEvent({ _id: id, state, changedAt, repository, ref, commit, error, outcome }: AnalysisChange): ServerEvent & { readonly id: string } {
  const ended = outcome === null || state !== 'done' ? {} : { score: outcome.score.total, pullRequest: outcome.pullRequest }
  return { id: `${changedAt.getTime()}-${id}`, event: 'analysis', data: { id, state, repository, ref, commit, changedAt: changedAt.toISOString(), error, ...ended } }
}

/** A little before the last event: one with an earlier time may have been written later. What is told twice has the same id. */
function cursorOf({ headers: { 'last-event-id': id } }: FastifyRequest): Date | null {
  if (id === undefined || id === '') return null
  const time = /^(\d{1,15})-[\w-]{1,64}$/.exec(String(id))?.[1]
  if (time === undefined) throw new AppError('CURSOR_INVALID', { detail: 'Last-Event-ID is none of this service' })
  return new Date(Number(time) - OVERLAP_MS)
}
