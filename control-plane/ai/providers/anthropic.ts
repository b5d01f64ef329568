// Anthropic's messages API. The answer's schema is the input of the one tool that the model has to call.
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { ModelFailure } from '../model-failure.ts'
import { postJson } from './post-json.ts'
import type { ModelAnswer, ModelProvider, ModelRequest, ProviderSettings } from './provider.ts'
import { refusal, retryAfterMs } from './refusal.ts'

const API_VERSION = '2023-06-01'
const TOOL = 'answer'

const count = z.int().min(0)
const answerSchema = z.object({
  model: z.string(),
  stop_reason: z.string().nullable(),
  content: z.array(z.object({ type: z.string(), input: z.unknown().optional() })),
  usage: z.object({ input_tokens: count, output_tokens: count, cache_creation_input_tokens: count.nullish(), cache_read_input_tokens: count.nullish() }),
})
const errorSchema = z.object({ error: z.object({ type: z.string(), message: z.string() }) })

export function createAnthropicProvider({ apiKey, baseUrl }: ProviderSettings, clock: Clock): ModelProvider {
  return {
    name: 'anthropic',
    generate: async (request) => {
      const at = { provider: 'anthropic', model: request.model }
      const { status, headers, body } = await postJson({
        url: `${baseUrl}/v1/messages`, headers: { 'x-api-key': apiKey.reveal(), 'anthropic-version': API_VERSION }, body: bodyOf(request), signal: request.signal,
      }, at)
      if (status === 200) return read(body, request)
      const nowMs = clock().getTime()
      throw refusal(status, { ...at, said: errorSchema.safeParse(body).data?.error.message, retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs) }, nowMs)
    },
  }
}

const bodyOf = ({ model, system, user, answerSchema: schema, maxOutputTokens, parameters }: ModelRequest) => ({
  model, max_tokens: maxOutputTokens, system, messages: [{ role: 'user', content: user }],
  tools: [{ name: TOOL, description: 'Gives the answer', input_schema: schema }], tool_choice: { type: 'tool', name: TOOL }, ...parameters,
})

function read(body: unknown, { model }: ModelRequest): ModelAnswer {
  const parsed = answerSchema.safeParse(body)
  if (!parsed.success) throw new ModelFailure('MODEL_ANSWER_INVALID', { provider: 'anthropic', model })
  const { model: answeredBy, stop_reason: reason, content, usage: used } = parsed.data
  const usage = { inputTokens: used.input_tokens + (used.cache_creation_input_tokens ?? 0) + (used.cache_read_input_tokens ?? 0), outputTokens: used.output_tokens }
  const at = { provider: 'anthropic', model, usage, answeredBy }
  if (reason === 'refusal') throw new ModelFailure('MODEL_BLOCKED', at)
  if (reason === 'model_context_window_exceeded') throw new ModelFailure('MODEL_REQUEST_TOO_LARGE', at)
  if (reason === 'max_tokens' || reason === null) throw new ModelFailure('MODEL_CUT_OFF', at)
  const call = content.find(({ type }) => type === 'tool_use')
  if (call === undefined) throw new ModelFailure('MODEL_ANSWER_INVALID', at)
  return { text: JSON.stringify(call.input ?? null), model: answeredBy, usage }
}
