import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import type { AiModule } from '../../../control-plane/ai/assemble-ai.ts'
import type { Question } from '../../../control-plane/ai/ai-router.ts'
import type { Budget } from '../../../control-plane/ai/budget.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { assembleQuotas } from '../../../control-plane/quotas/assemble-quotas.ts'
import { startModelServer, type ModelScript, type ModelServer, type ModelStep } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { aiConfig, startAi, WITHOUT_PROVIDERS, type AiFixture } from './ai-fixture.ts'

const TENANT = '1@issuer.test'
const OK: ModelStep = { kind: 'answer', text: '{"say":"yes"}', inputTokens: 100, outputTokens: 7 }
const FAST = ['gemini-3.5-flash-lite', 'claude-haiku-5-5', 'gpt-6-luna']

let [platform, server, ai] = [] as unknown as [Platform, ModelServer, AiFixture]
beforeAll(async () => { server = await startModelServer([OK]) })
afterAll(() => server.close())
beforeEach(async () => {
  platform = await startPlatform()
  ai = startAi(platform, aiConfig(server))
  server.requests.length = 0
  return () => platform.close()
})

const question = (changes: Partial<Question<{ say: string }>> = {}): Question<{ say: string }> => ({
  context: { tenantId: TENANT, actor: 'operator', repositoryId: '7', subject: 'analysis-1', correlationId: 'c-1', purpose: 'explain', signal: new AbortController().signal },
  system: 'rules', user: 'is it so?', answer: z.object({ say: z.string() }), maxOutputTokens: 100, ...changes,
})

async function ask(script: ModelScript, changes: Partial<Question<{ say: string }>> = {}, module: AiModule = ai) {
  server.script(script)
  return module.router.ask(question(changes))
}
const asked = (): string[] => server.requests.map(({ model }) => model)
const calls = async () => (await platform.audit.for(TENANT).list({ limit: 100 })).filter(({ action }) => action === 'model.called')

test('reserves the most that a call can use, and settles what the provider counted', async () => {
  expect(await ask([OK])).toMatchObject({ value: { say: 'yes' }, model: FAST[0], error: null, tokens: 107, costMicroUsd: 170, calls: 1 })
  const [reservation] = ai.budget.reservations
  expect(reservation).toMatchObject({ tenantId: TENANT, repositoryId: '7', purpose: 'explain', model: FAST[0], requests: 1, state: 'settled', settlement: { requests: 1, tokens: 107, costMicroUsd: 170, model: FAST[0] } })
  expect(reservation?.tokens).toBeGreaterThan(100 + 20)
})

test('keeps one record of a call in the audit log, with a hash of the prompt and never its text', async () => {
  await ask([OK], { user: 'a very special question' })
  const [entry, ...more] = await calls()
  expect(more).toEqual([])
  expect(entry).toMatchObject({ actor: 'operator', subject: 'analysis-1', correlationId: 'c-1', details: { purpose: 'explain', provider: 'gemini', model: FAST[0], answeredBy: FAST[0], inputTokens: 100, outputTokens: 7, costMicroUsd: 170, outcome: 'answered' } })
  expect(entry?.details.promptHash).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(entry)).not.toContain('special')
})

test('bills by the model that answered', async () => {
  const priceOf = (_tenantId: string, model: string) => Promise.resolve({ costMicroUsd: () => (model === 'other-model' ? 5 : 900) })
  const module = startAi(platform, aiConfig(server), { priceOf })
  expect(await ask([{ ...OK, model: 'other-model-2026-09-01' }], {}, { ...module, router: module.router })).toMatchObject({ costMicroUsd: 900 })
  const exact = startAi(platform, aiConfig(server), { priceOf: (tenantId, model) => (/^(?:gemini|other)/.test(model) && !/\d{4}/.test(model) ? priceOf(tenantId, model) : Promise.resolve(null)) })
  expect(await ask([{ ...OK, model: 'other-model-2026-09-01' }], {}, exact)).toMatchObject({ model: 'other-model-2026-09-01', costMicroUsd: 5 })
  expect(exact.budget.reservations[0]?.settlement).toMatchObject({ model: 'other-model-2026-09-01', costMicroUsd: 5 })
})

test('calls no model without a price', async () => {
  const module = startAi(platform, aiConfig(server), { priceOf: () => Promise.resolve(null) })
  expect(await ask([OK], {}, module)).toMatchObject({ value: null, error: { code: 'MODEL_PRICE_MISSING' }, calls: 0 })
  expect(server.requests).toEqual([])
})

test('asks nobody when a quota refuses, and says what it says', async () => {
  ai.budget.refuse = new AppError('QUOTA_EXCEEDED', { detail: 'tokens of the tenant per day' })
  expect(await ask([OK])).toMatchObject({ value: null, error: { code: 'QUOTA_EXCEEDED', detail: 'tokens of the tenant per day' }, calls: 0 })
  expect(server.requests).toEqual([])
})

test('says that no provider is configured', async () => {
  expect(await ask([OK], {}, startAi(platform, WITHOUT_PROVIDERS))).toMatchObject({ value: null, error: { code: 'MODEL_NOT_CONFIGURED' } })
})

test('refuses what is over every window before anything is reserved or sent', async () => {
  const reply = await ask([OK], { user: 'x'.repeat(3_000_000) })
  expect(reply.error).toMatchObject({ code: 'MODEL_CONTEXT_EXCEEDED' })
  expect(reply.error?.detail).toMatch(/^1500\d{3} tokens by estimate, and the largest window of the route has 1048576$/)
  expect([server.requests.length, ai.budget.reservations.length]).toEqual([0, 0])
})

test('routes by purpose and size', async () => {
  await ask([OK], { user: 'x'.repeat(300_000) })
  await ask([OK], { context: { ...question().context, purpose: 'fix' } })
  expect(asked()).toEqual(['gemini-4-hydrogen', 'gemini-4-hydrogen'])
})

describe('a provider that fails', () => {
  const refuse = (status: number, more: object = {}): ModelStep => ({ kind: 'refuse', status, ...more })

  it('is answered by asking the next model at once, and settles to what was billed', async () => {
    expect(await ask([refuse(503), OK])).toMatchObject({ value: { say: 'yes' }, model: FAST[1], tokens: 107, calls: 2 })
    expect(asked()).toEqual(FAST.slice(0, 2))
    expect([ai.pauses, ai.budget.reservations.map(({ settlement }) => settlement?.tokens)]).toEqual([[], [0, 107]])
  })

  it('counts in full when nobody knows what was billed', async () => {
    const reply = await ask([{ kind: 'reset', when: 'mid-answer' }, OK])
    const [lost] = ai.budget.reservations
    expect(lost?.settlement).toMatchObject({ tokens: lost?.tokens, costMicroUsd: lost?.costMicroUsd })
    expect(reply.tokens).toBe((lost?.tokens ?? 0) + 107)
  })

  it('gets pauses that grow once every model has failed, at least as long as it asks for', async () => {
    const reply = await ask([refuse(429, { retryAfterSeconds: 9, quota: 'minute' })])
    expect(reply).toMatchObject({ value: null, error: { code: 'MODEL_RATE_LIMITED' }, calls: 9 })
    expect(ai.pauses).toEqual([9000, 9000])
    ai.pauses.length = 0
    await ask([refuse(500)])
    const [first = 0, second = 0] = ai.pauses
    expect([first >= 250 && first <= 500, second >= 500 && second <= 1000]).toEqual([true, true])
  })

  it('is not waited for when it asks for minutes', async () => {
    expect(await ask([refuse(429, { retryAfterSeconds: 300 })])).toMatchObject({ error: { code: 'MODEL_RATE_LIMITED' }, calls: 3 })
    expect(ai.pauses).toEqual([])
  })

  it('is left alone until its daily limit resets, by every process; a limit per minute is forgotten', async () => {
    await ask([refuse(429, { quota: 'day' }), OK])
    const other = startAi(platform, aiConfig(server))
    await ask([OK], {}, other)
    expect(asked()).toEqual([FAST[0], FAST[1], FAST[1]])
    platform.advance(25 * 3_600_000)
    await ask([OK], {}, other)
    expect(asked().at(-1)).toBe(FAST[0])
    await ask([refuse(429, { quota: 'minute' }), OK], {}, other)
    await ask([OK], {}, other)
    expect(asked().at(-1)).toBe(FAST[0])
  })

  it('stops everything when it blocks for safety or cuts the answer off', async () => {
    for (const finish of ['blocked', 'cut'] as const) {
      server.requests.length = 0
      const { error, tokens } = await ask([{ ...OK, finish }])
      expect([error?.code, server.requests.length, tokens]).toEqual([finish === 'cut' ? 'MODEL_CUT_OFF' : 'MODEL_BLOCKED', 1, 107])
    }
  })

  it.each([['not JSON', 'no'], ['another shape', '{"say":1}'], ['half of it', '{"say":"ye']])('is not believed when it answers %s', async (_, text) => {
    expect(await ask([{ ...OK, text }])).toMatchObject({ value: null, error: { code: 'MODEL_ANSWER_INVALID' }, calls: 1 })
  })

  it('that hangs costs its timeout once for each try, and the reservation in full', async () => {
    const module = startAi(platform, aiConfig(server, { timeoutMs: 100, providers: { ...WITHOUT_PROVIDERS.providers, openai: aiConfig(server).providers.openai } }))
    expect(await ask([{ kind: 'hang' }], {}, module)).toMatchObject({ error: { code: 'MODEL_TIMEOUT' }, calls: 3 })
    expect(module.budget.reservations.every(({ tokens, settlement }) => settlement?.tokens === tokens)).toBe(true)
  })

  it('says each its own word', async () => {
    const messages = new Map<number, string>()
    for (const status of [400, 401, 403, 404, 413, 500, 503]) messages.set(status, (await ask([refuse(status)], {}, startAi(platform, aiConfig(server, { breaker: { threshold: 1000, coolDownMs: 1000 } })))).error?.message ?? '')
    expect(new Set(messages.values()).size).toBe(7)
  })

  it('whose key is revoked in between is left for the next one, with its other models', async () => {
    const providers = { ...WITHOUT_PROVIDERS.providers, gemini: aiConfig(server).providers.gemini }
    expect((await ask([OK, OK], {}, startAi(platform, aiConfig(server, { providers })))).error).toBeNull()
    expect(await ask([refuse(401), OK])).toMatchObject({ model: FAST[1] })
  })
})

test('uses an answer that came after its reservation had expired, at the bill that stands in the books', async () => {
  const quotas = assembleQuotas(platform)
  const settle: Budget['settle'] = async (...given) => {
    platform.advance(24 * 3_600_000)
    expect(await quotas.sweep()).toMatchObject({ settled: 1 })
    return quotas.service.settle(...given)
  }
  const reply = await ask([OK], {}, startAi(platform, aiConfig(server), { budget: { ...quotas.service, settle } }))
  const { total } = await quotas.usage.summarise(TENANT, 'day', { from: '2026-01-01', to: '2099-01-01' })
  expect(reply).toMatchObject({ value: { say: 'yes' }, error: null, tokens: total.tokens, costMicroUsd: total.costMicroUsd })
  expect([total.assumed, total.tokens > 107]).toEqual([1, true])
  expect(await calls()).toMatchObject([{ details: { outcome: 'answered', costMicroUsd: total.costMicroUsd } }])
})

test('ends when the analysis does, and still settles', async () => {
  const stop = new AbortController()
  const running = ask([{ kind: 'hang' }], { context: { ...question().context, signal: stop.signal } })
  while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  stop.abort(new Error('the lease is lost'))
  await expect(running).rejects.toThrow('the lease is lost')
  expect(ai.budget.reservations[0]).toMatchObject({ state: 'settled' })
  expect((await calls())[0]?.details.outcome).toBe('aborted')
})
