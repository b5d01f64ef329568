// The limits of requests over several processes, and what holds when a process is busy.
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildApp, type AppServices } from '../../../control-plane/app.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { createCountsExchange } from '../../../control-plane/http/exchange-counts.ts'
import { createRequestCountsStore, type RequestCountsStore } from '../../../control-plane/http/request-counts-store.ts'
import { createRequestCounts, WINDOW_MS } from '../../../control-plane/http/request-counts.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS } from '../open-limits.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const ROW = { role: 'viewer', scope: 'analyses:read', runs: false } as const
const ACCESS = { 'GET /v1/one': ROW, 'GET /v1/busy': ROW }

let platform: Platform
let store: RequestCountsStore
const keys: string[] = []
const apps: FastifyInstance[] = []
/** The middle of a minute: no test meets its end. */
let nowMs = 1_000_000 * WINDOW_MS + 1

beforeAll(async () => {
  platform = await startPlatform()
  store = createRequestCountsStore(platform.collections)
  for (const tenant of ['a@x', 'a@x', 'b@x']) keys.push((await platform.apiKeys.create(tenant, { name: 'k', scopes: ['analyses:read'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal())
})
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
  nowMs += 10 * WINDOW_MS
})
afterAll(() => platform.close())

/** One API process: its app and its exchange, which the test starts by itself. */
async function startProcess(name: string, limits: Partial<AppServices['config']['requestLimits']>, more: Partial<AppServices> = {}) {
  const counts = createRequestCounts({ now: () => nowMs })
  const app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS, requestLimits: { ...OPEN_LIMITS.requestLimits, ...limits } }, counts, access: ACCESS,
    logger: platform.logger, metrics: createMetrics(), authenticate: platform.authenticate, keptAnswers: keptAnswersOf(platform), readiness: [], routes: [(scope) => { scope.get('/one', () => ({ one: 1 })) }], ...more,
  })
  apps.push(app)
  const exchange = createCountsExchange({ counts, store, processId: name, logger: platform.logger })
  const get = (key: number | string, remoteAddress = '192.0.2.1') =>
    app.inject({ method: 'GET', url: '/v1/one', remoteAddress, headers: { authorization: `Bearer ${typeof key === 'number' ? (keys[key] ?? '') : key}` } })
  return { app, get, counts, exchange: () => exchange.exchange() }
}

async function statuses(times: number, ask: () => Promise<{ readonly statusCode: number }>): Promise<number[]> {
  const list: number[] = []
  for (let n = 0; n < times; n += 1) list.push((await ask()).statusCode)
  return list
}

describe('requests per minute', () => {
  it('are limited for each actor, and each answer says how many are left', async () => {
    const { get } = await startProcess('p1', { actor: 2 })
    const first = await get(0)
    expect([first.statusCode, first.headers['ratelimit-limit'], first.headers['ratelimit-remaining']]).toEqual([200, '2', '1'])
    await get(0)
    const refused = await get(0)
    expect([refused.statusCode, refused.headers['ratelimit-remaining'], refused.json<{ detail: string }>().detail]).toEqual([429, '0', 'the limit is 2 a minute of one actor'])
    expect(Number(refused.headers['retry-after'])).toBe(60)
    expect((await get(1)).statusCode).toBe(200)
  })

  it('are limited for an organisation, whatever key it uses, and not for the next one', async () => {
    const { get } = await startProcess('p1', { tenant: 3 })
    expect([...(await statuses(2, () => get(0))), ...(await statuses(2, () => get(1)))]).toEqual([200, 200, 200, 429])
    const refused = await get(0)
    expect([refused.headers['retry-after'], refused.json<{ detail: string }>().detail]).toEqual(['60', 'the limit is 3 a minute of one organisation'])
    expect((await get(2)).statusCode).toBe(200)
  })

  it('are limited for an address, before its credentials are looked at', async () => {
    const { get } = await startProcess('p1', { address: 2 })
    expect([...(await statuses(2, () => get(0))), (await get('nonsense')).statusCode]).toEqual([200, 200, 429])
    expect((await get(0, '192.0.2.2')).statusCode).toBe(200)
  })

  it('begin anew with the minute, also where the clock is set back', async () => {
    const { get } = await startProcess('p1', { actor: 1 })
    expect(await statuses(2, () => get(0))).toEqual([200, 429])
    nowMs += WINDOW_MS
    expect(await statuses(2, () => get(0))).toEqual([200, 429])
    nowMs -= 3 * WINDOW_MS
    expect(await statuses(2, () => get(0))).toEqual([200, 429])
    nowMs += 2 * WINDOW_MS
  })

  it('are counted over all processes: between two exchanges each lets through no more than the limit', async () => {
    const processes = await Promise.all(['p1', 'p2', 'p3'].map((name) => startProcess(name, { actor: 10 })))
    const exchangeAll = async () => { for (const { exchange } of [...processes, ...processes]) await exchange() }
    for (const { get } of processes) expect(await statuses(4, () => get(0))).toEqual([200, 200, 200, 200])
    await exchangeAll()
    // Twelve were asked, which is over the limit of ten: nobody lets another one through.
    for (const { get } of processes) expect((await get(0)).statusCode).toBe(429)
    expect((await processes[0]?.get(1))?.statusCode).toBe(200)
    expect((await platform.database.db.collection('request-counts').find().toArray()).length).toBe(3)
    expect(JSON.stringify(await platform.database.db.collection('request-counts').find().toArray())).not.toContain('192.0.2.1')
  })

  it('get through at most once the limit per process in the worst case: all before the processes have heard of each other', async () => {
    const processes = await Promise.all(['p1', 'p2'].map((name) => startProcess(name, { actor: 10 })))
    const through: number[] = []
    for (const { get } of processes) through.push((await statuses(15, () => get(0))).filter((status) => status === 200).length)
    expect(through).toEqual([10, 10])
    for (const { exchange } of [...processes, ...processes]) await exchange()
    for (const { get } of processes) expect((await get(0)).statusCode).toBe(429)
  })

  it('go on by what a process knows while the database does not answer', async () => {
    const counts = createRequestCounts({ now: () => nowMs })
    const broken = { ...store, write: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE')) }
    const logged: unknown[] = []
    const exchange = createCountsExchange({ counts, store: broken, processId: 'p9', everyMs: 1, logger: { warn: (...line: unknown[]) => void logged.push(line) } as never })
    counts.add('a')
    exchange.start()
    await expect.poll(() => logged.length).toBe(1)
    expect(counts.add('a').current).toBe(2)
    await exchange.stop()
    expect(logged).toHaveLength(1)
  })

  it('keep a bounded number of callers in memory, and forget the rarest', () => {
    const counts = createRequestCounts({ now: () => nowMs })
    for (let n = 0; n < 5; n += 1) counts.add('frequent')
    for (let n = 0; n < 30_000; n += 1) counts.add(`address:${n}`)
    expect(counts.own().counts.size).toBeLessThanOrEqual(20_000)
    expect(counts.read('frequent').current).toBe(5)
  })
})

describe('callers that prove themselves otherwise', () => {
  it('have a limit of their own for each address, which other requests do not use up', async () => {
    const { app, get } = await startProcess('p1', { webhooks: 2, address: 5 }, { openRoutes: [(scope) => { scope.post('/hook', () => ({ ok: true })) }] })
    const hook = (remoteAddress = '192.0.2.1') => app.inject({ method: 'POST', url: '/v1/hook', remoteAddress })
    expect(await statuses(5, () => get(0))).toEqual([200, 200, 200, 200, 200])
    expect(await statuses(3, () => hook())).toEqual([200, 200, 429])
    const refused = await hook()
    expect([refused.headers['retry-after'], refused.json<{ detail: string }>().detail]).toEqual(['60', 'the limit is 2 a minute of webhooks from one address'])
    expect((await hook('192.0.2.2')).statusCode).toBe(200)
  })

  it('are refused after too many wrong proofs, and not for right ones', async () => {
    let isRight = true
    const open = (scope: FastifyInstance) => {
      scope.post('/hook', () => {
        if (!isRight) throw new AppError('WEBHOOK_SIGNATURE')
        return { ok: true }
      })
    }
    const { app } = await startProcess('p1', { actor: 20 }, { openRoutes: [open] })
    const hook = (remoteAddress = '192.0.2.1') => app.inject({ method: 'POST', url: '/v1/hook', remoteAddress })
    expect(new Set(await statuses(30, () => hook()))).toEqual(new Set([200]))
    isRight = false
    expect(await statuses(3, () => hook())).toEqual([401, 401, 429])
    isRight = true
    expect([(await hook()).statusCode, (await hook('192.0.2.2')).statusCode]).toEqual([429, 200])
  })
})

describe('a process that is too busy', () => {
  it('answers 503 with Retry-After below /v1, still says that it lives, and recovers', async () => {
    const { app } = await startProcess('p1', {}, {
      config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS, maxEventLoopDelayMs: 50 },
      routes: [(scope) => {
        scope.get('/one', () => ({ one: 1 }))
        scope.get('/busy', () => {
          const end = performance.now() + 300
          while (performance.now() < end);
          return {}
        })
      }],
    })
    const get = (url: string) => app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${keys[0] ?? ''}` } })
    await app.ready()
    let refused = await get('/v1/busy')
    for (let n = 0; n < 50 && refused.statusCode === 200; n += 1) {
      await new Promise((resolve) => { setImmediate(resolve) })
      refused = await get('/v1/busy')
    }
    expect([refused.statusCode, refused.headers['retry-after'], refused.json<{ code: string }>().code]).toEqual([503, '5', 'OVERLOADED'])
    expect([(await get('/health')).statusCode, (await get('/ready')).statusCode]).toEqual([200, 200])
    await expect.poll(async () => (await get('/v1/one')).statusCode, { timeout: 20_000 }).toBe(200)
  })
})
