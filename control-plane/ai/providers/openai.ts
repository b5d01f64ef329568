// OpenAI's chat completions API, and every server that speaks it: hosted ones, gateways, models on one's own machines.
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { ModelFailure } from '../model-failure.ts'
import { postJson } from './post-json.ts'
import type { Posted } from './post-json.ts'
import type { ModelAnswer, ModelProvider, ModelRequest, ProviderSettings } from './provider.ts'
import { refusal, retryAfterMs } from './refusal.ts'

const count = z.int().min(0)
const answerSchema = z.object({
  model: z.string(),
  choices: z.array(z.object({ finish_reason: z.string().nullish(), message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }),
})
const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) })

export function createOpenAiProvider({ apiKey, baseUrl }: ProviderSettings, clock: Clock): ModelProvider {
  return {
    name: 'openai',
    generate: async (request) => {
      const posted = await postJson({
        url: `${baseUrl}/chat/completions`, headers: { authorization: `Bearer ${apiKey.reveal()}` }, body: bodyOf(request), signal: request.signal,
      }, { provider: 'openai', model: request.model })
      if (posted.status === 200) return read(posted.body, request)
      throw refused(posted, request.model, clock().getTime())
    },
  }
}

const bodyOf = ({ model, system, user, answerSchema: schema, maxOutputTokens, parameters }: ModelRequest) => ({
  model, max_completion_tokens: maxOutputTokens, messages: [{ role: 'system', content: system }, { role: 'user', content: user }],
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } }, ...parameters,
})

function refused({ status, headers, body }: Posted, model: string, nowMs: number): ModelFailure {
  const said = errorSchema.safeParse(body).data?.error
  const at = { provider: 'openai', model, said: said?.message, retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs) }
  if (said?.code === 'context_length_exceeded') return new ModelFailure('MODEL_REQUEST_TOO_LARGE', at)
  // Sent with status 429, but no waiting helps: the account has no credit.
  if (said?.code === 'insufficient_quota') return new ModelFailure('MODEL_FORBIDDEN', at)
  return refusal(status, at, nowMs)
}

function read(body: unknown, { model }: ModelRequest): ModelAnswer {
  const parsed = answerSchema.safeParse(body)
  const choice = parsed.data?.choices[0]
  if (!parsed.success || choice === undefined) throw new ModelFailure('MODEL_ANSWER_INVALID', { provider: 'openai', model })
  const { model: answeredBy, usage: used } = parsed.data
  const usage = { inputTokens: used.prompt_tokens, outputTokens: used.completion_tokens }
  const at = { provider: 'openai', model, usage, answeredBy }
  if (choice.finish_reason === 'content_filter' || typeof choice.message.refusal === 'string') throw new ModelFailure('MODEL_BLOCKED', at)
  if (choice.finish_reason !== 'stop') throw new ModelFailure('MODEL_CUT_OFF', at)
  return { text: choice.message.content ?? '', model: answeredBy, usage }
}
