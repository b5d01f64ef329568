// The shell around the features, over real HTTP: a route of the test stands for them.
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { MongoNetworkError } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { MAX_BODY_BYTES } from '../../../contract/analyses.ts'
import { problemSchema } from '../../../contract/problem.ts'
import { buildApp } from '../../../control-plane/app.ts'
import type { AppRoutes } from '../../../control-plane/app-route.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const FAILURES: Readonly<Record<string, unknown>> = {
  app: new AppError('COMMIT_NOT_FOUND', { detail: 'acme/shop has no abc' }),
  database: new MongoNetworkError('connection refused'),
  defect: new Error('canary-of-an-internal-message'),
  text: 'canary-of-an-internal-message',
}

/** A request that is answered when the test says so. */
const late = { begun: (): void => undefined, ends: Promise.resolve() }

const echo: AppRoutes = (scope) => {
  scope.post('/echo', { bodyLimit: MAX_BODY_BYTES, schema: { body: z.strictObject({ text: z.string(), count: z.int().max(3).optional() }), response: { 200: z.object({ length: z.int(), tenantId: z.string() }) } } },
    (request) => Promise.resolve({ length: request.body.text.length, tenantId: request.principal.tenantId }))
  scope.post('/plain', { schema: { body: z.strictObject({ text: z.string() }), response: { 200: z.object({ length: z.int() }) } } }, ({ body }) => ({ length: body.text.length }))
  addUnread(scope)
  scope.get('/late', async () => {
    late.begun()
    await late.ends
    return { isLate: true }
  })
  scope.get('/fail/:how', { schema: { params: z.object({ how: z.string() }) } }, ({ params }) => { throw FAILURES[params.how] })
}

/** Answers only after what came as the body has been inflated, to its end or to its damage, though nobody reads it. */
const addUnread: AppRoutes = (scope) => {
  const inflated = new WeakMap<object, Promise<void>>()
  scope.route({
    method: ['GET', 'POST'], url: '/unread',
    preParsing: (request, _reply, payload, done) => {
      if (payload !== request.raw) inflated.set(request, new Promise((resolve) => { payload.once('close', resolve) }))
      done(null, payload)
    },
    onSend: async (request) => { await inflated.get(request) },
    handler: () => Promise.resolve('read'),
  })
}

const ROW = { role: 'viewer', scope: 'analyses:write', runs: false } as const
const ACCESS = { 'POST /v1/echo': ROW, 'POST /v1/plain': ROW, 'GET /v1/late': ROW, 'GET /v1/fail/:how': ROW, 'GET /v1/unread': ROW, 'POST /v1/unread': ROW }

let platform: Platform
let address: string
let key: string
let close: () => Promise<void>
let isReady = true

const start = async (limits: Partial<typeof OPEN_LIMITS['requestLimits']> = {}) => {
  const app = await buildApp({
    config: { publicUrl: 'http://autodevops.test', trustedProxies: 0, ...OPEN_LIMITS, requestLimits: { ...OPEN_LIMITS.requestLimits, ...limits } }, counts: newCounts(),
    logger: platform.logger, metrics: createMetrics(), authenticate: platform.authenticate, routes: [echo], access: ACCESS,
    keptAnswers: keptAnswersOf(platform), readiness: [{ name: 'database', check: () => platform.database.connection.ping() }, { name: 'moon', check: () => (isReady ? Promise.resolve() : Promise.reject(new Error('gone'))) }],
  })
  return { address: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}
const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`${address}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => call('/v1/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = problemSchema.parse(await response.json())
  expect(problem).toMatchObject({ status: response.status, requestId: response.headers.get('x-correlation-id') })
  return problem
}
const gzip = (text: string) => new Uint8Array(gzipSync(text))

beforeAll(async () => {
  platform = await startPlatform()
  key = (await platform.apiKeys.create('t1', { name: 'test', scopes: ['analyses:write'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
  ;({ address, close } = await start())
})
afterAll(async () => {
  await close()
  await platform.close()
})

describe('a request', () => {
  test('is answered for the tenant of its credentials', async () => {
    const response = await post('{"text":"abc"}')
    expect([response.status, await response.json()]).toEqual([200, { length: 3, tenantId: 't1' }])
    expect(response.headers.get('ratelimit-limit')).toBe('1000000')
  })

  test('may be compressed', async () => {
    const response = await post(gzip('{"text":"abc"}'), { 'content-encoding': 'gzip' })
    expect(response.status).toBe(200)
  })

  test('keeps a well-formed correlation id, in the answer and in the log; another one is replaced', async () => {
    const kept = await post('{"text":"abc"}', { 'x-correlation-id': 'run-12345.6' })
    expect(kept.headers.get('x-correlation-id')).toBe('run-12345.6')
    expect(platform.logged.some((line) => line.includes('"correlationId":"run-12345.6"') && line.includes('"route":"/v1/echo"'))).toBe(true)
    for (const bad of ['short', 'with space and more', 'a'.repeat(65), '{"json":"injection"}']) {
      const response = await post('{"text":"abc"}', { 'x-correlation-id': bad })
      expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test.each<[string, string, Record<string, string>, number, string]>([
    ['with the wrong shape', '{"text":1,"count":9,"more":true}', {}, 400, 'BODY_INVALID'],
    ['that is no JSON', '{"text":', {}, 400, 'BODY_MALFORMED'],
    ['that is empty', '', {}, 400, 'BODY_MALFORMED'],
    ['of another media type', 'text', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['in another compression', 'text', { 'content-encoding': 'br' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['compressed twice', 'text', { 'content-encoding': 'gzip, gzip' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['whose compression is damaged', 'not gzip at all', { 'content-encoding': 'gzip' }, 400, 'BODY_MALFORMED'],
  ])('%s is refused', async (_what, body, headers, status, code) => {
    const response = await post(body, headers)
    expect(await problemOf(response)).toMatchObject({ status, code })
  })

  test('says which fields are wrong', async () => {
    const { detail } = await problemOf(await post('{"text":1,"count":9}'))
    expect(detail).toMatch(/^body: \/text .*; \/count .*/)
  })

  test('cut off in the middle of its compression is refused', async () => {
    const whole = gzip(JSON.stringify({ text: 'abc'.repeat(10_000) }))
    expect(await problemOf(await post(whole.subarray(0, whole.length - 20), { 'content-encoding': 'gzip' }))).toMatchObject({ code: 'BODY_MALFORMED' })
  })

  test('of exactly the limit is accepted, one byte more is not, compressed or plain', async () => {
    const text = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) })
    expect((await post(gzip(text(MAX_BODY_BYTES)), { 'content-encoding': 'gzip' })).status).toBe(200)
    expect((await post(text(MAX_BODY_BYTES))).status).toBe(200)
    expect(await problemOf(await post(gzip(text(MAX_BODY_BYTES + 1)), { 'content-encoding': 'gzip' }))).toMatchObject({ code: 'BODY_TOO_LARGE' })
    expect((await sendRaw(text(MAX_BODY_BYTES + 1))).status).toBe(413)
  })

  test('is refused above the limit of its route, which the problem names, up to 25 MiB', async () => {
    const text = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) })
    const plain = (bytes: number) => call('/v1/plain', { method: 'POST', body: gzip(text(bytes)), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } })
    expect((await plain(2 ** 20)).status).toBe(200)
    expect(await problemOf(await plain(2 ** 20 + 1))).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE', detail: `the limit here is ${2 ** 20} bytes` })
    expect(await problemOf(await plain(25 * 2 ** 20))).toMatchObject({ status: 413, detail: `the limit here is ${2 ** 20} bytes` })
    expect(await problemOf(await post(gzip(text(25 * 2 ** 20)), { 'content-encoding': 'gzip' }))).toMatchObject({ status: 413, detail: `the limit here is ${MAX_BODY_BYTES} bytes` })
    expect((await sendRaw(text(25 * 2 ** 20))).status).toBe(413)
  })

  test('whose compression is damaged does no harm where nobody reads it', async () => {
    const sendDamaged = (method: string) => sendRaw('not gzip at all', { 'content-encoding': 'gzip', 'content-length': '15', 'content-type': 'text/plain' }, { path: '/v1/unread', method })
    expect([await sendDamaged('GET'), await sendDamaged('POST')]).toEqual([{ status: 200 }, { status: 415 }])
  })

  test('that inflates to a gigabyte is refused without inflating it', async () => {
    const megabyte = gzip('x'.repeat(2 ** 20))
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 1024 }, () => megabyte)))
    const before = process.memoryUsage().rss
    expect((await sendRaw(bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20)
  })
})

/** Sends a body that the service may refuse before it has read it: fetch would report the closed connection instead. */
function sendRaw(body: string | Uint8Array, headers: Record<string, string> = {}, { path = '/v1/echo', method = 'POST' } = {}): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    let isAnswered = false
    const request = httpRequest(`${address}${path}`, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers } }, (response: IncomingMessage) => {
      isAnswered = true
      response.resume().once('end', () => resolve({ status: response.statusCode })).once('error', () => resolve({ status: response.statusCode }))
    })
    request.on('error', (error) => { if (!isAnswered) reject(error) })
    request.end(body)
  })
}

describe('a failure', () => {
  test('of the catalogue keeps its code and its detail', async () => {
    expect(await problemOf(await call('/v1/fail/app'))).toMatchObject({ status: 404, code: 'COMMIT_NOT_FOUND', detail: 'acme/shop has no abc' })
  })

  test('of the database is 503 with Retry-After', async () => {
    const response = await call('/v1/fail/database')
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' })
  })

  test.each(['defect', 'text'])('that nobody expected (%s) tells the caller nothing and the log everything', async (how) => {
    const response = await call(`/v1/fail/${how}`)
    const text = await response.clone().text()
    expect(await problemOf(response)).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(text).not.toContain('canary')
    expect(platform.logged.some((line) => line.includes('"level":"error"') && line.includes('canary-of-an-internal-message'))).toBe(true)
  })

  test('to authenticate comes before the body is looked at', async () => {
    const response = await fetch(`${address}/v1/echo`, { method: 'POST', body: 'x', headers: { 'content-type': 'application/json' } })
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  test('never writes credentials to the log', async () => {
    await post('{"text":', { authorization: `Bearer ${key}`, cookie: 'session=canary-cookie', 'x-correlation-id': 'canary-in-a-refusal' })
    await post('{"text":"abc"}', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJjYW5hcnkifQ.' })
    const log = platform.logged.join('')
    expect(log).toContain('canary-in-a-refusal')
    for (const secret of [key, key.split('_')[2] ?? '', 'canary-cookie', 'eyJpc3MiOiJjYW5hcnkifQ']) expect(log).not.toContain(secret)
  })
})

describe('an address', () => {
  test('that does not exist is 404, one for another method 405 with Allow', async () => {
    expect(await problemOf(await call('/v1/nothing'))).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' })
    const response = await call('/v1/fail/app', { method: 'DELETE' })
    expect(response.headers.get('allow')).toContain('GET')
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
  })

  test.each([['QUERY', {}], ['POST', { 'content-type': 'text/plain' }]])('is answered before a body is looked at (%s)', async (method, headers) => {
    const ask = async (path: string) => (await problemOf(await call(path, { method, headers, ...(method === 'POST' ? { body: 'x' } : {}) }))).code
    expect([await ask('/v1/nothing'), await ask('/v1/fail/app')]).toEqual(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED'])
  })

  test('that is not readable is refused', async () => {
    expect(await problemOf(await call('/v1/%zz'))).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
  })

  test('/health, /ready, /metrics and the documentation need no credentials', async () => {
    for (const path of ['/health', '/ready', '/metrics', '/docs/', '/docs/json']) expect([path, (await fetch(`${address}${path}`)).status]).toEqual([path, 200])
    expect(await (await fetch(`${address}/metrics`)).text()).toContain('autodevops_http_request_seconds_bucket{le="0.005",method="POST",route="/v1/echo",status="200"}')
    const { paths } = (await (await fetch(`${address}/docs/json`)).json()) as { paths: Record<string, unknown> }
    expect(Object.keys(paths)).toEqual(['/v1/echo', '/v1/plain', '/v1/unread', '/v1/late', '/v1/fail/{how}'])
  })

  test('/ready names what is missing', async () => {
    isReady = false
    const response = await fetch(`${address}/ready`)
    isReady = true
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'NOT_READY', detail: 'missing: moon' })
  })
})

test('more requests than allowed are 429 with Retry-After, and so are repeated bad credentials, per address', async () => {
  const limited = await start({ actor: 5 })
  const get = (token: string) => fetch(`${limited.address}/v1/fail/app`, { headers: { authorization: `Bearer ${token}` } })
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1) statuses.push((await get(key)).status)
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429])
  const refused = await get(key)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await problemOf(refused)).toMatchObject({ code: 'RATE_LIMITED' })
  expect((await get('adk_wrong')).status).toBe(401)
  const blocked = await get('adk_wrong')
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await problemOf(blocked)).toMatchObject({ code: 'RATE_LIMITED' })
  await limited.close()
})

describe('a service that stops', () => {
  const untilRefused = (at: string) => expect.poll(() => fetch(`${at}/health`).then(() => 'answers', () => 'refuses'), { timeout: 10_000 }).toBe('refuses')

  test('answers what is under way, and does not wait for the caller to close the connection', async () => {
    const agent = new Agent({ keepAlive: true })
    const stopping = await start()
    let answer = (): void => undefined
    const begun = new Promise<void>((resolve) => { late.begun = resolve })
    late.ends = new Promise<void>((resolve) => { answer = resolve })
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${stopping.address}/v1/late`, { agent, headers: { authorization: `Bearer ${key}` } }, resolve).once('error', reject).end()
    })
    await begun
    const closed = stopping.close()
    await untilRefused(stopping.address)
    answer()
    const received = await response
    expect(received.statusCode).toBe(200)
    received.resume()
    await closed
    agent.destroy()
  })

  test('does not wait for a connection on which nothing was asked', async () => {
    const stopping = await start()
    const silent = connectSocket(Number(new URL(stopping.address).port), '127.0.0.1').on('error', () => undefined)
    await once(silent, 'connect')
    await stopping.close()
    silent.destroy()
  })
})
