// Idempotency-Key over real HTTP and a real database: a route of the test counts how often it was done.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { buildApp } from '../../../control-plane/app.ts'
import type { AppRoutes } from '../../../control-plane/app-route.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { createKeptAnswersStore } from '../../../control-plane/http/kept-answers-store.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const DAY_MS = 86_400_000
const CLAIM_MS = 120_000
const SECRET = 'canary-shown-once'

let platform: Platform
let close: () => Promise<void>
let address: string
let keys: { readonly one: string; readonly other: string; readonly stranger: string }
let done: string[] = []
let now = new Date('2026-11-30T10:00:00Z')
/** What the route waits for, and whom it tells that it has begun. */
let gate = { begun: (): void => undefined, opens: Promise.resolve() }

const things: AppRoutes = (scope) => {
  const schema = { body: z.strictObject({ name: z.string() }), response: { 201: z.strictObject({ name: z.string(), count: z.int() }) } }
  scope.post('/things', { schema }, async ({ body: { name } }, reply) => {
    gate.begun()
    await gate.opens
    if (name === 'refused') throw new AppError('FINDING_STATE')
    if (name === 'broken') throw new Error('broken')
    done.push(name)
    return reply.status(201).header('etag', `"${done.length}"`).send({ name, count: done.length })
  })
  scope.delete('/things', (_request, reply) => {
    done.push('deleted')
    return reply.status(204).send(null)
  })
  scope.post('/secrets', { config: { answersSecret: true } }, (_request, reply) => {
    done.push('secret')
    return reply.status(201).send({ key: SECRET })
  })
  scope.get('/things', () => ({ count: done.push('read') }))
}
const ROW = { role: 'viewer', scope: 'analyses:write', runs: false } as const

beforeAll(async () => {
  platform = await startPlatform()
  const app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: platform.logger, metrics: createMetrics(),
    authenticate: platform.authenticate, readiness: [], routes: [things], access: { 'POST /v1/things': ROW, 'DELETE /v1/things': ROW, 'POST /v1/secrets': ROW, 'GET /v1/things': ROW },
    keptAnswers: { answers: createKeptAnswersStore(platform.collections), clock: () => now },
  })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
  close = () => app.close()
  const keyOf = async (tenantId: string) => (await platform.apiKeys.create(tenantId, { name: 'test', scopes: ['analyses:write'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
  const [acme, rival] = await Promise.all(['acme', 'rival'].map(async (name, index) => (await platform.tenants.create({ issuerHost: 'github.com', ownerId: String(index + 1), ownerName: name, aiEnabled: false })).id))
  keys = { one: await keyOf(acme ?? ''), other: await keyOf(acme ?? ''), stranger: await keyOf(rival ?? '') }
})
afterAll(async () => {
  await close()
  await platform.close()
})

interface Sent { readonly idempotencyKey?: string; readonly name?: string; readonly method?: string; readonly path?: string; readonly as?: keyof typeof keys; readonly headers?: Record<string, string> }

async function send({ idempotencyKey, name = 'a', method = 'POST', path = '/things', as = 'one', headers = {} }: Sent) {
  const hasBody = method === 'POST' && path === '/things'
  const response = await fetch(`${address}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${keys[as]}`, ...(hasBody ? { 'content-type': 'application/json' } : {}), ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }), ...headers },
    ...(hasBody ? { body: JSON.stringify({ name }) } : {}),
  })
  const text = await response.text()
  const body = (text === '' ? null : JSON.parse(text)) as Record<string, unknown> | null
  return { status: response.status, body, code: body?.code, etag: response.headers.get('etag'), replayed: response.headers.get('idempotency-replayed'), retryAfter: response.headers.get('retry-after') }
}

/** What the callback asked for was done this often. */
async function doneBy(run: () => Promise<void>): Promise<number> {
  done = []
  await run()
  return done.length
}

describe('Idempotency-Key', () => {
  test('a request that comes again is answered as before and not done again', async () => {
    expect(await doneBy(async () => {
      const first = await send({ idempotencyKey: 'again' })
      expect(first).toMatchObject({ status: 201, body: { name: 'a', count: 1 }, etag: '"1"', replayed: null })
      expect(await send({ idempotencyKey: 'again' })).toEqual({ ...first, replayed: 'true' })
    })).toBe(1)
    expect(await doneBy(async () => {
      expect(await send({ idempotencyKey: 'gone', method: 'DELETE' })).toMatchObject({ status: 204, body: null, replayed: null })
      expect(await send({ idempotencyKey: 'gone', method: 'DELETE' })).toMatchObject({ status: 204, body: null, replayed: 'true' })
    })).toBe(1)
  })

  test('without a key every request is done, and reading takes none', async () => {
    expect(await doneBy(async () => { await send({}); await send({}) })).toBe(2)
    expect(await doneBy(async () => { for (let time = 0; time < 2; time++) await send({ idempotencyKey: 'read', method: 'GET' }) })).toBe(2)
  })

  test('of twenty at once one is done; the others wait or get its answer', async () => {
    let open = (): void => undefined
    const begun = new Promise<void>((resolve) => { gate = { begun: resolve, opens: new Promise<void>((go) => { open = go }) } })
    expect(await doneBy(async () => {
      const first = send({ idempotencyKey: 'crowd' })
      await begun
      const others = await Promise.all(Array.from({ length: 19 }, () => send({ idempotencyKey: 'crowd' })))
      expect(new Set(others.map(({ code, retryAfter }) => `${String(code)} ${String(retryAfter)}`))).toEqual(new Set(['IDEMPOTENCY_KEY_IN_USE 1']))
      open()
      expect(await first).toMatchObject({ status: 201 })
      expect(await send({ idempotencyKey: 'crowd' })).toMatchObject({ status: 201, body: { count: 1 }, replayed: 'true' })
    })).toBe(1)
    gate = { begun: () => undefined, opens: Promise.resolve() }
  })

  test('the same key for another body, address, method or condition is refused', async () => {
    expect(await doneBy(async () => {
      await send({ idempotencyKey: 'mine' })
      for (const other of [{ name: 'b' }, { method: 'DELETE' }, { path: '/secrets' }, { headers: { 'if-match': '"7"' } }]) {
        expect(await send({ idempotencyKey: 'mine', ...other })).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' })
      }
    })).toBe(1)
  })

  test("another caller's key is another key, in the same organisation and in another", async () => {
    expect(await doneBy(async () => {
      for (const as of ['one', 'other', 'stranger'] as const) expect(await send({ idempotencyKey: 'shared', as })).toMatchObject({ status: 201, replayed: null })
    })).toBe(3)
  })

  test('what failed is done anew under the same key', async () => {
    for (const [name, status] of [['refused', 409], ['broken', 500]] as const) {
      for (let time = 0; time < 2; time++) expect(await send({ idempotencyKey: `failed-${name}`, name })).toMatchObject({ status, replayed: null })
      // Nothing was kept under it, so another request may have it.
      expect(await send({ idempotencyKey: `failed-${name}` })).toMatchObject({ status: 201 })
    }
  })

  test('an answer that held a secret is not kept', async () => {
    expect(await doneBy(async () => {
      expect(await send({ idempotencyKey: 'secret', path: '/secrets' })).toMatchObject({ status: 201, body: { key: SECRET } })
      expect(await send({ idempotencyKey: 'secret', path: '/secrets' })).toMatchObject({ status: 409, code: 'IDEMPOTENCY_ANSWER_SECRET' })
    })).toBe(1)
    const kept = await platform.database.connection.db.collection('kept-answers').find({}).toArray()
    expect(kept.length).toBeGreaterThan(0)
    expect(JSON.stringify(kept)).not.toContain(SECRET)
  })

  test('what a process began and never answered is done anew after two minutes', async () => {
    const all = platform.database.connection.db.collection('kept-answers')
    await send({ idempotencyKey: 'dead' })
    // As it stands while the work goes on.
    await all.updateMany({}, { $set: { answer: null } })
    expect(await send({ idempotencyKey: 'dead' })).toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' })
    now = new Date(now.getTime() + CLAIM_MS)
    expect(await send({ idempotencyKey: 'dead', name: 'b' })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await doneBy(async () => {
      const answers = await Promise.all([send({ idempotencyKey: 'dead' }), send({ idempotencyKey: 'dead' })])
      expect(answers.filter(({ status, replayed }) => status === 201 && replayed === null)).toHaveLength(1)
    })).toBe(1)
  })

  test('a key is free again after a day', async () => {
    expect(await doneBy(async () => {
      await send({ idempotencyKey: 'day' })
      now = new Date(now.getTime() + DAY_MS - 1)
      expect(await send({ idempotencyKey: 'day' })).toMatchObject({ replayed: 'true' })
      now = new Date(now.getTime() + 1)
      expect(await send({ idempotencyKey: 'day', name: 'b' })).toMatchObject({ status: 201, replayed: null })
    })).toBe(2)
  })

  test.each(['', 'a b', 'x'.repeat(256), 'größe'])('the key %j is refused', async (idempotencyKey) => {
    expect(await doneBy(async () => {
      expect(await send({ idempotencyKey: encodeURI(idempotencyKey) === idempotencyKey ? idempotencyKey : Buffer.from(idempotencyKey).toString('latin1') })).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    })).toBe(0)
  })
})
