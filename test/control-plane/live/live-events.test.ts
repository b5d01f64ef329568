// Streams of events over HTTP, at two API processes that share one database; a third one works.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createAnalysesStore } from '../../../control-plane/analyses/analyses-store.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { createLiveChanges } from '../../../control-plane/live/live-changes.ts'
import { createLiveRoutes } from '../../../control-plane/live/live-routes.ts'
import { QUIET, startServiceFixture, submissionOf, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

interface LiveEvent {
  readonly id: string | null
  readonly event: string
  readonly data: { readonly id?: string; readonly state?: string; readonly reason?: string; readonly score?: number }
}

/** A reader of one stream. */
interface Reader {
  readonly status: number
  readonly type: string
  readonly events: readonly LiveEvent[]
  readonly ended: Promise<void>
  stop(): void
}

let fixture: ServiceFixture
const apis: { readonly app: ServiceApp; readonly module: AnalysesModule; readonly stopping: AbortController }[] = []
const readers: Reader[] = []
let key: string
let otherKey: string

async function startApi(limits = { perTenant: 3, inAll: 4 }) {
  const stopping = new AbortController()
  const module = fixture.assemble({ stopping: stopping.signal })
  const changes = createLiveChanges({ store: createAnalysesStore({ collections: fixture.database.collections, clock: systemClock }), clock: systemClock, logger: QUIET as never, everyMs: 50 })
  const app = await startServiceApp(fixture, [createLiveRoutes({ changes, analyses: module.service, stopping: stopping.signal, limits, checkEveryMs: 100 })])
  const api = { app, module, stopping }
  apis.push(api)
  return api
}

beforeAll(async () => {
  fixture = await startServiceFixture()
  await startApi()
  await startApi()
  const { app } = at(0)
  key = await app.keyOf(fixture.tenant.id, ['analyses:read'])
  otherKey = await app.keyOf('9@elsewhere.test', ['analyses:read'])
})
afterEach(async () => {
  readers.forEach((reader) => { reader.stop() })
  await Promise.all(readers.splice(0).map(({ ended }) => ended))
})
afterAll(async () => {
  await Promise.all(apis.map(({ app }) => app.close()))
  await fixture.close()
})

function at(index: number) {
  const api = apis[index]
  if (api === undefined) throw new Error('there is no such process')
  return api
}

async function follow(api: { readonly app: ServiceApp }, path: string, { lastEventId, bearer = key }: { lastEventId?: string; bearer?: string } = {}): Promise<Reader> {
  const gone = new AbortController()
  const response = await fetch(`${api.app.address}/v1${path}`, { signal: gone.signal, headers: { authorization: `Bearer ${bearer}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) } })
  const events: LiveEvent[] = []
  const read = async (): Promise<void> => {
    let rest = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = `${rest}${chunk}`.split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const fields = new Map(part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
        const data = fields.get('data')
        if (data !== undefined) events.push({ id: fields.get('id') ?? null, event: fields.get('event') ?? '', data: JSON.parse(data) as LiveEvent['data'] })
      }
    }
  }
  const reader = { status: response.status, type: response.headers.get('content-type') ?? '', events, ended: read().catch(() => undefined), stop: () => { gone.abort() } }
  readers.push(reader)
  return reader
}

const states = (reader: Reader, id: string): (string | undefined)[] => reader.events.filter(({ data }) => data.id === id).map(({ data }) => data.state)

let branches = 0
async function submit(repository: Awaited<ReturnType<ServiceFixture['repository']>>): Promise<string> {
  branches += 1
  const ref = `refs/heads/b${branches}`
  const principal = workflowRun(fixture.tenant, { sha: repository.commit, repositoryId: repository.id, fullName: repository.fullName, ref })
  return (await at(0).module.service.submit(submissionOf({ commit: repository.commit, repository: repository.fullName, ref, options: { profile: 'regular', fixPr: 'never' } }), { principal, correlationId: 'c', logger: QUIET })).analysis.id
}

describe('live events', () => {
  it('tell both processes of each analysis of the organisation until it is done, and nobody else', async () => {
    const shop = await fixture.repository('live')
    const [one, two, other] = [await follow(at(0), '/events'), await follow(at(1), '/events'), await follow(at(1), '/events', { bearer: otherKey })]
    expect([one.status, one.type]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const id = await submit(shop)
    const worker = fixture.assemble()
    await worker.worker.start()
    await expect.poll(() => [one, two].map((reader) => states(reader, id).at(-1)), { timeout: 20_000 }).toEqual(['done', 'done'])
    await worker.worker.stop(1_000)
    for (const reader of [one, two]) {
      const told = reader.events.filter(({ data }) => data.id === id)
      expect(new Set(told.map((event) => event.id)).size).toBe(told.length)
      expect(told.at(-1)?.data.score).toBeTypeOf('number')
    }
    expect(other.events).toEqual([])
  })

  it('of one analysis begin with what it is, and end with it', async () => {
    const id = await submit(await fixture.repository('one'))
    const reader = await follow(at(1), `/analyses/${id}/events`)
    await expect.poll(() => states(reader, id), { timeout: 5_000 }).toEqual(['queued'])
    const worker = fixture.assemble()
    await worker.worker.start()
    await reader.ended
    await worker.worker.stop(1_000)
    expect(states(reader, id).at(-1)).toBe('done')
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'the analysis has ended' } })
    const late = await follow(at(0), `/analyses/${id}/events`)
    await late.ended
    expect(late.events.map(({ event }) => event)).toEqual(['analysis', 'end'])
  })

  it('go on at another process with what was missed', async () => {
    const shop = await fixture.repository('resumed')
    const first = await follow(at(0), '/events')
    const before = await submit(shop)
    await expect.poll(() => states(first, before), { timeout: 5_000 }).toContain('queued')
    first.stop()
    const missed = await Promise.all([submit(shop), submit(shop)])
    const last = first.events.at(-1)?.id ?? ''
    const second = await follow(at(1), '/events', { lastEventId: last })
    await expect.poll(() => missed.map((id) => states(second, id).at(-1)), { timeout: 5_000 }).toEqual(['queued', 'queued'])
    expect(new Set(second.events.map(({ id }) => id)).size).toBe(second.events.length)
  })

  it('end when the service stops, and when the credentials do not hold any more', async () => {
    const third = await startApi()
    const stopped = await follow(third, '/events')
    third.stopping.abort()
    await stopped.ended
    expect(stopped.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'the service stops' } })
    const brief = await at(0).app.keyOf(fixture.tenant.id, ['analyses:read'])
    const revoked = await follow(at(0), '/events', { bearer: brief })
    await fixture.platform.apiKeys.revoke(fixture.tenant.id, brief.split('_')[1] ?? '', { actor: 'operator', correlationId: null })
    await revoked.ended
    expect(revoked.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'the credentials do not hold any more' } })
  })

  it('are limited in number, and refused for an id that is none, a foreign analysis and a foreign cursor', async () => {
    await Promise.all([1, 2, 3].map(() => follow(at(0), '/events')))
    const { status, headers, body } = await at(0).app.call<{ code: string }>(key, '/events')
    expect([status, headers.get('retry-after'), body.code]).toEqual([429, '30', 'STREAMS_LIMITED'])
    await follow(at(0), '/events', { bearer: otherKey })
    expect((await at(0).app.call<{ code: string }>(otherKey, '/events')).body.code).toBe('OVERLOADED')
    const id = await submit(await fixture.repository('foreign'))
    expect((await at(1).app.call<{ code: string }>(otherKey, `/analyses/${id}/events`)).body.code).toBe('ANALYSIS_NOT_FOUND')
    expect((await at(1).app.call<{ code: string }>(key, '/events', { headers: { 'last-event-id': '$ne' } })).body.code).toBe('CURSOR_INVALID')
  })
})
