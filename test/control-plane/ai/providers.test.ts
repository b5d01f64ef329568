import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { createAnthropicProvider } from '../../../control-plane/ai/providers/anthropic.ts'
import { createGeminiProvider } from '../../../control-plane/ai/providers/gemini.ts'
import { nextPacificMidnight } from '../../../control-plane/ai/providers/next-pacific-midnight.ts'
import { createOpenAiProvider } from '../../../control-plane/ai/providers/openai.ts'
import type { ModelProvider, ModelRequest, ProviderName } from '../../../control-plane/ai/providers/provider.ts'
import { retryAfterMs } from '../../../control-plane/ai/providers/refusal.ts'
import { ModelFailure } from '../../../control-plane/ai/model-failure.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { startModelServer, type ModelServer, type ModelStep } from '../../model-server/start-model-server.ts'

const NOW = new Date('2026-11-27T10:00:00Z')
const KEY = 'key-for-tests'

let server: ModelServer
beforeAll(async () => { server = await startModelServer([{ kind: 'answer' }]) })
afterAll(() => server.close())

const CREATE = { gemini: createGeminiProvider, anthropic: createAnthropicProvider, openai: createOpenAiProvider }
const providerOf = (name: ProviderName): ModelProvider => CREATE[name]({ apiKey: new Secret(KEY), baseUrl: server.baseUrl[name] }, () => NOW)

const request = (changes: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'model-a', system: 'rules', user: 'question', answerSchema: { type: 'object' }, maxOutputTokens: 100, parameters: {}, signal: new AbortController().signal, ...changes,
})

async function failure(name: ProviderName, step: ModelStep): Promise<ModelFailure> {
  server.script([step])
  const error: unknown = await providerOf(name).generate(request()).catch((reason: unknown) => reason)
  if (!(error instanceof ModelFailure)) throw new Error(`no ModelFailure but ${String(error)}`)
  return error
}

const names = ['gemini', 'anthropic', 'openai'] as const

describe.each(names)('%s', (name) => {
  it('gives the text, the model that answered and every token that is billed', async () => {
    server.script([{ kind: 'answer', text: '{"a":1}', model: 'model-b', inputTokens: 40, outputTokens: 9 }])
    expect(await providerOf(name).generate(request())).toEqual({ text: '{"a":1}', model: 'model-b', usage: { inputTokens: 40, outputTokens: 9 } })
    const sent = server.requests.at(-1)
    expect(sent).toMatchObject({ wire: name, model: 'model-a', system: 'rules', user: 'question' })
    expect(sent?.body).not.toContain(KEY)
    expect(JSON.stringify(sent?.headers)).toContain(KEY)
  })

  const long = { retryAfterSeconds: 30, quota: 'minute' } as const
  const table: readonly (readonly [string, ModelStep, string])[] = [
    ['400', { kind: 'refuse', status: 400 }, 'MODEL_BAD_REQUEST'], ['401', { kind: 'refuse', status: 401 }, 'MODEL_UNAUTHORISED'],
    ['403', { kind: 'refuse', status: 403 }, 'MODEL_FORBIDDEN'], ['404', { kind: 'refuse', status: 404 }, 'MODEL_GONE'],
    ['413', { kind: 'refuse', status: 413 }, 'MODEL_REQUEST_TOO_LARGE'], ['429 for a minute', { kind: 'refuse', status: 429, ...long }, 'MODEL_RATE_LIMITED'],
    ['429 without a word', { kind: 'refuse', status: 429 }, 'MODEL_RATE_LIMITED'], ['500', { kind: 'refuse', status: 500 }, 'MODEL_UNAVAILABLE'],
    ['503', { kind: 'refuse', status: 503 }, 'MODEL_OVERLOADED'], ['529', { kind: 'refuse', status: 529 }, 'MODEL_OVERLOADED'],
    ['a reset', { kind: 'reset', when: 'at once' }, 'MODEL_RESET'], ['a reset in the middle of an answer', { kind: 'reset', when: 'mid-answer' }, 'MODEL_RESET'],
    ['half of an answer', { kind: 'half' }, 'MODEL_ANSWER_INVALID'], ['a block for safety', { kind: 'answer', finish: 'blocked' }, 'MODEL_BLOCKED'],
    ['an answer that is cut off', { kind: 'answer', finish: 'cut', text: '{"a":' }, 'MODEL_CUT_OFF'],
    ['another JSON than that of the wire', { kind: 'raw', status: 200, body: '[1]' }, 'MODEL_ANSWER_INVALID'],
    ['10 MB', { kind: 'answer', text: JSON.stringify({ a: 'x'.repeat(10_000_000) }) }, 'MODEL_ANSWER_TOO_LARGE'],
  ]
  it.each(table)('tells %s apart', async (_, step, code) => {
    const failed = await failure(name, step)
    expect(failed.code).toBe(code)
    expect(failed.detail).toBe(`model-a of ${name}`)
  })

  it('has the wait that the provider asks for', async () => {
    expect((await failure(name, { kind: 'refuse', status: 429, retryAfterSeconds: 12 })).retryAfterMs).toBe(12_000)
  })

  it('has what a blocked answer used, because it is billed', async () => {
    expect((await failure(name, { kind: 'answer', text: 'x', finish: 'blocked', inputTokens: 7, outputTokens: 3 })).usage).toEqual({ inputTokens: 7, outputTokens: 3 })
  })

  it('ends when its signal does', async () => {
    server.script([{ kind: 'hang' }])
    await expect(providerOf(name).generate(request({ signal: AbortSignal.timeout(50) }))).rejects.toThrow()
  })

  it('keeps no credential of what the provider said', async () => {
    const { cause } = await failure(name, { kind: 'refuse', status: 400, message: 'bad key AIzaSyA1234567890abcdefghijklmnopqrstuv' })
    expect(String(cause)).not.toContain('AIzaSyA')
  })
})

test("knows Gemini's limit per day and when it ends", async () => {
  const failed = await failure('gemini', { kind: 'refuse', status: 429, quota: 'day', retryAfterSeconds: 30 })
  expect(failed).toMatchObject({ code: 'MODEL_DAILY_LIMIT', resetsAtMs: Date.parse('2026-11-28T08:00:00Z') })
})

test('takes a wait of hours for a limit per day', async () => {
  expect(await failure('anthropic', { kind: 'refuse', status: 429, retryAfterSeconds: 7200 })).toMatchObject({ code: 'MODEL_DAILY_LIMIT', resetsAtMs: NOW.getTime() + 7_200_000 })
})

test('knows a wrong key that Gemini calls a bad request, and an empty account that OpenAI calls a limit', async () => {
  expect((await failure('gemini', { kind: 'refuse', status: 400, reason: 'API_KEY_INVALID' })).code).toBe('MODEL_UNAUTHORISED')
  expect((await failure('openai', { kind: 'refuse', status: 429, reason: 'insufficient_quota' })).code).toBe('MODEL_FORBIDDEN')
})

test.each([['2026-07-01T06:59:59Z', '2026-07-01T07:00:00Z'], ['2026-07-01T07:00:00Z', '2026-07-02T07:00:00Z'], ['2026-11-01T08:30:00Z', '2026-11-02T08:00:00Z']])('finds the midnight in California after %s', (now, midnight) => {
  expect(new Date(nextPacificMidnight(Date.parse(now)))).toEqual(new Date(midnight))
})

test.each([['5', 5000], ['Fri, 27 Nov 2026 10:00:30 GMT', 30_000], ['soon', undefined], ['-3', undefined], ['', undefined]] as const)('reads Retry-After %s', (header, ms) => {
  expect(retryAfterMs(header, NOW.getTime())).toBe(ms)
})
