// Gemini through its first SDK, which is at the end of its life: only here is it known. Its convenience readers are not used
// (text() mixes thoughts in and throws when blocked), nor is its timeout, whose timer is never cleared.
import { GoogleGenerativeAI, GoogleGenerativeAIFetchError } from '@google/generative-ai'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { ModelFailure } from '../model-failure.ts'
import { nextPacificMidnight } from './next-pacific-midnight.ts'
import { MAX_ANSWER_CHARACTERS } from './provider.ts'
import type { ModelAnswer, ModelProvider, ProviderSettings } from './provider.ts'
import { refusal } from './refusal.ts'

const count = z.int().min(0)
const answerSchema = z.object({
  modelVersion: z.string().optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  candidates: z.array(z.object({
    finishReason: z.string().optional(),
    content: z.object({ parts: z.array(z.object({ text: z.string().optional(), thought: z.boolean().optional() })).optional() }).optional(),
  })).optional(),
  usageMetadata: z.object({ promptTokenCount: count.optional(), candidatesTokenCount: count.optional(), thoughtsTokenCount: count.optional() }).optional(),
})

const BLOCKED = new Set(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'LANGUAGE'])

export function createGeminiProvider({ apiKey, baseUrl }: ProviderSettings, clock: Clock): ModelProvider {
  return {
    name: 'gemini',
    generate: async (request) => {
      const { model, system, user, answerSchema: schema, maxOutputTokens, parameters, signal } = request
      // responseJsonSchema is newer than the SDK's types, which take any of its own keys; it goes to the wire as it is.
      const generationConfig = { responseMimeType: 'application/json', responseJsonSchema: schema, maxOutputTokens, ...parameters }
      const client = new GoogleGenerativeAI(apiKey.reveal()).getGenerativeModel({ model, systemInstruction: system, generationConfig }, { baseUrl })
      let response: unknown
      try {
        response = (await client.generateContent({ contents: [{ role: 'user', parts: [{ text: user }] }] }, { signal })).response
      } catch (error) {
        throw failureOf(error, model, clock().getTime())
      }
      return read(response, model)
    },
  }
}

function failureOf(error: unknown, model: string, nowMs: number): ModelFailure {
  const at = { provider: 'gemini', model }
  // Half a JSON text in a whole body.
  if (error instanceof SyntaxError) return new ModelFailure('MODEL_ANSWER_INVALID', at)
  if (!(error instanceof GoogleGenerativeAIFetchError) || error.status === undefined) return new ModelFailure('MODEL_RESET', { ...at, said: error instanceof Error ? error.message : String(error) })
  const details = detailsSchema.safeParse(error.errorDetails ?? []).data ?? []
  const failure = { ...at, said: error.statusText, retryAfterMs: secondsMs(details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay) }
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID')) return new ModelFailure('MODEL_UNAUTHORISED', failure)
  const isDaily = details.some(({ violations = [] }) => violations.some(({ quotaId = '' }) => quotaId.includes('PerDay')))
  if (error.status === 429 && isDaily) return new ModelFailure('MODEL_DAILY_LIMIT', { ...failure, resetsAtMs: nextPacificMidnight(nowMs) })
  return refusal(error.status, failure, nowMs)
}

const detailsSchema = z.array(z.object({
  reason: z.string().optional(), retryDelay: z.string().optional(), violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
}))

/** Of a duration as it travels: `34s`, `1.5s`. */
function secondsMs(text: string | undefined): number | undefined {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '') ?? []
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

function read(response: unknown, model: string): ModelAnswer {
  const parsed = answerSchema.safeParse(response)
  if (!parsed.success) throw new ModelFailure('MODEL_ANSWER_INVALID', { provider: 'gemini', model })
  const { modelVersion: answeredBy = model, promptFeedback, candidates = [], usageMetadata: used } = parsed.data
  const usage = used === undefined ? undefined : { inputTokens: used.promptTokenCount ?? 0, outputTokens: (used.candidatesTokenCount ?? 0) + (used.thoughtsTokenCount ?? 0) }
  const at = { provider: 'gemini', model, usage, answeredBy }
  const [candidate] = candidates
  const reason = candidate?.finishReason ?? ''
  if (promptFeedback?.blockReason !== undefined || BLOCKED.has(reason)) throw new ModelFailure('MODEL_BLOCKED', at)
  if (reason === 'MAX_TOKENS' || (candidate !== undefined && reason === '')) throw new ModelFailure('MODEL_CUT_OFF', at)
  if (reason !== 'STOP' || usage === undefined) throw new ModelFailure('MODEL_ANSWER_INVALID', at)
  const text = (candidate?.content?.parts ?? []).filter(({ thought }) => thought !== true).map((part) => part.text ?? '').join('')
  if (text.length > MAX_ANSWER_CHARACTERS) throw new ModelFailure('MODEL_ANSWER_TOO_LARGE', at)
  return { text, model: answeredBy, usage }
}
