import { expect, test } from 'vitest'
import { z } from 'zod'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { startModelServer } from '../../model-server/start-model-server.ts'
import { printed, valueOf } from '../operations/printed-metrics.ts'
import { startPlatform } from '../platform-fixture.ts'
import { aiConfig, startAi, WITHOUT_PROVIDERS } from './ai-fixture.ts'

test('calls are counted by provider and end, with the breaker that opens', async () => {
  const platform = await startPlatform()
  const server = await startModelServer([{ kind: 'answer', text: '{"say":"yes"}', inputTokens: 1, outputTokens: 1 }])
  let now = 0
  const metrics = createMetrics(() => now)
  const { gemini } = aiConfig(server).providers
  const { router } = startAi(platform, aiConfig(server, { providers: { ...WITHOUT_PROVIDERS.providers, gemini }, breaker: { threshold: 2, coolDownMs: 60_000 } }), { metrics })
  const ask = () => router.ask({
    context: { tenantId: '1@issuer.test', actor: 'operator', repositoryId: '7', subject: 's', correlationId: 'c', purpose: 'explain', signal: new AbortController().signal },
    system: 'rules', user: 'is it so?', answer: z.object({ say: z.string() }), maxOutputTokens: 10,
  })
  const read = () => {
    now += 60_000
    return printed(metrics)
  }
  await ask()
  const before = await read()
  expect([valueOf(before, 'model_calls_total', { provider: 'gemini', outcome: 'answered' }), valueOf(before, 'model_breaker_open', { provider: 'gemini' }), valueOf(before, 'model_breaker_open', { provider: 'openai' })]).toEqual([1, 0, null])

  server.script([{ kind: 'refuse', status: 500 }])
  await ask()
  await ask()
  const after = await read()
  expect([valueOf(after, 'model_calls_total', { outcome: 'MODEL_UNAVAILABLE' }), valueOf(after, 'model_breaker_open', { provider: 'gemini' })]).toEqual([2, 1])
  expect(valueOf(after, 'model_calls_total', { outcome: 'MODEL_CIRCUIT_OPEN' })).toBeGreaterThan(0)
  expect(valueOf(after, 'model_call_seconds_count', { provider: 'gemini' })).toBe(server.requests.length)
  await server.close()
  await platform.database.close()
  now += 60_000
  expect(valueOf(await printed(metrics), 'model_breaker_open')).toBeNull()
})
