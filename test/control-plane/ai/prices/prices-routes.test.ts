import { afterAll, beforeAll, expect, test } from 'vitest'
import { createModelCatalogue } from '../../../../control-plane/ai/model-catalogue.ts'
import { readModels } from '../../../../control-plane/ai/models.ts'
import { createPricesRoutes } from '../../../../control-plane/ai/prices/prices-routes.ts'
import { createPricesService } from '../../../../control-plane/ai/prices/prices-service.ts'
import { buildApp } from '../../../../control-plane/app.ts'
import { createMetrics } from '../../../../control-plane/operations/metrics.ts'
import { startPlatform, type Platform } from '../../platform-fixture.ts'
import { keptAnswersOf } from '../../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../../open-limits.ts'

const clock = () => new Date('2026-11-27T12:00:00Z')
let platform: Platform
let app: Awaited<ReturnType<typeof buildApp>>
let authorization: string

beforeAll(async () => {
  platform = await startPlatform()
  authorization = `Bearer ${(await platform.apiKeys.create('a@x', { name: 'admin', scopes: ['admin'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()}`
  app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: platform.logger, metrics: createMetrics(),
    authenticate: platform.authenticate, keptAnswers: keptAnswersOf(platform), readiness: [], routes: [createPricesRoutes({ prices: createPricesService(platform), models: createModelCatalogue({ configured: readModels(null), ...platform, clock }), clock })],
  })
})
afterAll(async () => {
  await app.close()
  await platform.close()
})

const PRICE = { model: 'local-1', effectiveFrom: '2026-11-01', tiers: [{ input: 100, output: 200 }], source: 'our contract', readOn: '2026-11-27' }

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const response = await app.inject({ method, url: `/v1${path}`, headers: { authorization }, ...(body === undefined ? {} : { payload: body }) })
  return { status: response.statusCode, body: response.body === '' ? null : response.json<Record<string, unknown>>() }
}

test('an admin adds a price, sees it, and ends it', async () => {
  const stored = { ...PRICE, effectiveTo: null, tiers: [{ upToInputTokens: null, input: 100, output: 200, cached: null }] }
  expect(await call('POST', '/prices', PRICE)).toEqual({ status: 201, body: stored })
  expect((await call('POST', '/prices', PRICE)).body).toMatchObject({ code: 'PRICE_EXISTS', status: 409 })
  expect((await call('GET', '/prices?model=local-1')).body).toEqual({ items: [stored] })
  expect(await call('POST', '/prices/end', { model: 'local-1', effectiveFrom: '2026-11-01', effectiveTo: '2026-11-26' })).toEqual({ status: 204, body: null })
  expect((await call('GET', '/prices?model=local-1')).body).toEqual({ items: [{ ...stored, effectiveTo: '2026-11-26' }] })
  expect((await call('POST', '/prices/end', { model: 'local-1', effectiveFrom: '2026-11-02', effectiveTo: '2026-11-26' })).body).toMatchObject({ code: 'PRICE_NOT_FOUND' })
})

test.each([
  ['no price', { tiers: [] }, 'tiers'],
  ['a negative price', { tiers: [{ input: -1, output: 0 }] }, '/tiers/0/input'],
  ['a price in fractions', { tiers: [{ input: 0.5, output: 0 }] }, '/tiers/0/input'],
  ['a huge price', { tiers: [{ input: 1e300, output: 0 }] }, '/tiers/0/input'],
  ['steps that go down', { tiers: [{ upToInputTokens: 10, input: 1, output: 1 }, { upToInputTokens: 5, input: 1, output: 1 }] }, 'must be more than 10'],
  ['a step after the last', { tiers: [{ input: 1, output: 1 }, { upToInputTokens: 5, input: 1, output: 1 }] }, 'only the last step has no end'],
  ['an end before the beginning', { effectiveTo: '2026-10-31' }, '2026-10-31 is before effectiveFrom 2026-11-01'],
  ['a day that is none', { effectiveFrom: '2026-11-31' }, 'effectiveFrom'],
  ['a model without a name', { model: '' }, 'model'],
  ['no source', { source: ' ' }, 'source'],
])('%s is refused with its own message', async (_name, changes, message) => {
  const { status, body } = await call('POST', '/prices', { ...PRICE, model: 'local-2', ...changes })
  expect([status, body?.code]).toEqual([400, 'BODY_INVALID'])
  expect(body?.detail).toContain(message)
})

test('the models are listed with their purposes and the price of today', async () => {
  const { body } = await call('GET', '/models')
  const items = body?.items as readonly { readonly id: string; readonly purposes: readonly string[]; readonly price: { readonly tiers: readonly { readonly input: number }[] } | null }[]
  expect(items.map(({ id }) => id).sort()).toEqual(readModels(null).models.map(({ id }) => id).sort())
  expect(items.find(({ id }) => id === 'gemini-4-hydrogen')).toMatchObject({ price: { effectiveTo: null, tiers: [{ input: 1_500_000 }] } })
  expect(items.some(({ purposes }) => purposes.includes('explain'))).toBe(true)
})

test('models are added and ended by an organisation for itself', async () => {
  const model = { id: 'local-1', provider: 'openai', windowTokens: 50_000, outputLimitTokens: 4_000, alias: 'fast' }
  expect(await call('POST', '/models', model)).toMatchObject({ status: 201, body: { ...model, isFirst: false, isWindowShared: true } })
  expect((await call('POST', '/models', model)).body).toMatchObject({ code: 'MODEL_EXISTS' })
  const listed = async () => ((await call('GET', '/models')).body as unknown as { items: { id: string; purposes: string[] }[] }).items.find(({ id }) => id === 'local-1')
  expect(await listed()).toMatchObject({ purposes: ['explain', 'summarise'] })
  expect((await call('POST', '/models/end', { id: 'local-1', lastDay: '2026-11-26' })).status).toBe(204)
  expect(await listed()).toBeUndefined()
  for (const [changes, says] of [[{ windowTokens: 0 }, 'windowTokens'], [{ provider: 'else' }, 'provider'], [{ id: 'a b' }, 'id'], [{ strange: 1 }, 'strange']] as const) {
    expect((await call('POST', '/models', { ...model, ...changes })).body, says).toMatchObject({ code: 'BODY_INVALID' })
  }
})
