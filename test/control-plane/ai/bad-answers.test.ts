// What a provider can do to us, by name and on each wire, with the sentence that people get to read about it.
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { readModels } from '../../../control-plane/ai/models.ts'
import { startModelServer, type ModelScript, type ModelServer, type ModelStep } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { aiConfig, startAi, WITHOUT_PROVIDERS, type AiFixture } from './ai-fixture.ts'

const TENANT = '1@issuer.test'
const OK: ModelStep = { kind: 'answer', text: '{"say":"yes"}' }
const FAST = { gemini: 'gemini-3.5-flash-lite', anthropic: 'claude-haiku-5-5', openai: 'gpt-6-luna' } as const
const WIRES = ['gemini', 'anthropic', 'openai'] as const
const refuse = (status: number, more: object = {}): ModelStep => ({ kind: 'refuse', status, ...more })

interface Case {
  readonly name: string
  readonly script: ModelScript
  readonly user?: string
  readonly says: RegExp
}

/** The daily limit is said by a wait of hours, or in Gemini's own words. */
const CASES: readonly Case[] = [
  { name: '400', script: [refuse(400)], says: /^MODEL_BAD_REQUEST: The model provider says that the request is malformed: / },
  { name: '401', script: [refuse(401)], says: /^MODEL_UNAUTHORISED: The model provider rejects this service's API key: it is wrong or was revoked: / },
  { name: '403', script: [refuse(403)], says: /^MODEL_FORBIDDEN: The model provider does not let this service's account use the model: / },
  { name: '404, a model that is gone', script: [refuse(404)], says: /^MODEL_GONE: The model provider does not have this model, or has it no more: / },
  { name: '429 for a minute', script: [refuse(429, { quota: 'minute', retryAfterSeconds: 5 })], says: /^MODEL_RATE_LIMITED: The model provider's limit per minute is reached: / },
  { name: '429 for the day', script: [refuse(429, { quota: 'day', retryAfterSeconds: 7_200 })], says: /^MODEL_DAILY_LIMIT: The model provider's limit per day is reached; it is not asked again before the reset: \S+ of \w+, until 20\d\d-\d\d-\d\dT/ },
  { name: '500', script: [refuse(500)], says: /^MODEL_UNAVAILABLE: The model provider failed: / },
  { name: '503', script: [refuse(503)], says: /^MODEL_OVERLOADED: The model is overloaded: / },
  { name: 'a hang', script: [{ kind: 'hang' }], says: /^MODEL_TIMEOUT: The model did not answer in time: / },
  { name: 'a reset in the middle of an answer', script: [{ kind: 'reset', when: 'mid-answer' }], says: /^MODEL_RESET: The connection to the model provider failed or broke in the middle of an answer: / },
  { name: 'a context over the window', script: [OK], user: 'x'.repeat(3_000_000), says: /^MODEL_CONTEXT_EXCEEDED: The request is larger than the context window of every model that could answer it: 150\d{4} tokens by estimate, and the largest window of the route has \d+$/ },
]

let [platform, server] = [] as unknown as [Platform, ModelServer]
beforeAll(async () => {
  platform = await startPlatform()
  server = await startModelServer([OK])
})
afterAll(() => Promise.all([server.close(), platform.close()]))
beforeEach(() => { server.requests.length = 0 })

function start(wire: keyof typeof FAST): AiFixture {
  const { providers } = aiConfig(server)
  return startAi(platform, { ...WITHOUT_PROVIDERS, timeoutMs: 300, breaker: { threshold: 1_000_000, coolDownMs: 1_000 }, providers: { ...WITHOUT_PROVIDERS.providers, [wire]: providers[wire] } })
}

async function ask({ router }: AiFixture, script: ModelScript, { user = 'is it so?', tenantId = TENANT } = {}) {
  server.script(script)
  const context = { tenantId, actor: 'operator', repositoryId: '7', subject: 'analysis-1', correlationId: null, purpose: 'explain', signal: new AbortController().signal } as const
  return router.ask({ context, system: 'rules', user, answer: z.object({ say: z.string() }), maxOutputTokens: 100 })
}

const outcomes = async (tenantId: string) => (await platform.audit.for(tenantId).list({ limit: 100 })).map(({ details }) => details.outcome)

describe.each(WIRES)('%s', (wire) => {
  it.each(CASES)('says its own sentence after $name, and keeps it in the audit log', async ({ name, script, user, says }) => {
    const tenantId = `${wire} ${name}@issuer.test`
    // A daily limit holds for a model, whoever asks.
    platform.advance(48 * 3_600_000)
    const { value, error, calls } = await ask(start(wire), script, { tenantId, ...(user === undefined ? {} : { user }) })
    expect(value).toBeNull()
    expect(`${error?.code ?? ''}: ${error?.message ?? ''}`).toMatch(says)
    expect(await outcomes(tenantId)).toEqual(Array.from({ length: calls }, () => error?.code))
  })

  it('says that a key was revoked in between, and has what was answered before', async () => {
    platform.advance(48 * 3_600_000)
    const ai = start(wire)
    const tenantId = `${wire} revoked@issuer.test`
    expect((await ask(ai, [OK], { tenantId })).value).toEqual({ say: 'yes' })
    const revoked = await ask(ai, [refuse(401)], { tenantId })
    expect([revoked.value, revoked.calls, revoked.tokens]).toEqual([null, 1, 0])
    expect(revoked.error?.message).toMatch(new RegExp(`it is wrong or was revoked: ${FAST[wire]} of ${wire}$`))
    expect(await outcomes(tenantId)).toEqual(['answered', 'MODEL_UNAUTHORISED'])
  })

  it('says which model answered when a name leads to another one, and bills that one', async () => {
    platform.advance(48 * 3_600_000)
    const ai = start(wire)
    const tenantId = `${wire} redirected@issuer.test`
    expect(await ask(ai, [{ ...OK, model: 'its-successor' }], { tenantId })).toMatchObject({ value: { say: 'yes' }, model: 'its-successor', error: null })
    expect(server.requests.map(({ model }) => model)).toEqual([FAST[wire]])
    expect(ai.budget.reservations).toMatchObject([{ model: FAST[wire], settlement: { model: 'its-successor' } }])
    expect((await platform.audit.for(tenantId).list({ limit: 9 })).map(({ details }) => [details.model, details.answeredBy])).toEqual([[FAST[wire], 'its-successor']])
  })
})

test('no two of them say the same', () => {
  expect(new Set(CASES.map(({ says }) => says.source)).size).toBe(CASES.length)
  expect(Object.values(FAST).every((id) => readModels(null).models.some((model) => model.id === id))).toBe(true)
})
