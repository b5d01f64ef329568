// From a question to an answer of the asked shape: estimate, route, then one model after the other, round by round. Another model
// is tried before a pause is made; pauses grow, are jittered, and are never shorter than the provider asked for.
import { z } from 'zod'
import { AppError, hasCode } from '../errors.ts'
import type { TokenUsage } from './budget.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { callModel } from './model-call.ts'
import type { CallContext, ModelCallParts } from './model-call.ts'
import { ModelFailure } from './model-failure.ts'
import { modelsFor } from './models.ts'
import type { ModelCatalogue } from './model-catalogue.ts'
import type { Model } from './models.ts'
import type { ModelAnswer, ModelProvider, ProviderName } from './providers/provider.ts'

export interface Question<T> {
  readonly context: CallContext
  readonly system: string
  readonly user: string
  readonly answer: z.ZodType<T>
  readonly maxOutputTokens: number
}

export interface Reply<T> {
  /** Null when there is none; then `error` says why. */
  readonly value: T | null
  readonly model: string | null
  readonly error: AppError | null
  /** Of all calls that were made for it. */
  readonly tokens: number
  readonly costMicroUsd: number
  readonly calls: number
}

export interface AiRouter {
  /** Rejects only when the signal is aborted or the database fails. */
  ask<T>(question: Question<T>): Promise<Reply<T>>
}

export interface AiRouterParts extends ModelCallParts {
  readonly models: Pick<ModelCatalogue, 'of'>
  readonly providers: ReadonlyMap<ProviderName, ModelProvider>
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** From 0 up to 1. */
  readonly random: () => number
}

const ROUNDS = 3
const FIRST_PAUSE_MS = 500
/** A provider that asks for more is asked with the next analysis. */
const LONGEST_PAUSE_MS = 30_000

export function createAiRouter(parts: AiRouterParts): AiRouter {
  return {
    ask: async (question) => {
      try {
        return await askInRounds(parts, question)
      } catch (error) {
        if (hasCode(error, 'MODEL_NOT_CONFIGURED', 'MODEL_CONTEXT_EXCEEDED')) return { value: null, model: null, error, tokens: 0, costMicroUsd: 0, calls: 0 }
        throw error
      }
    },
  }
}

interface Candidate {
  readonly model: Model
  readonly provider: ModelProvider
}

/** What is known so far while one question is asked. */
interface Progress {
  candidates: readonly Candidate[]
  error: AppError
  tokens: number
  costMicroUsd: number
  calls: number
  /** The longest wait that a candidate of this round was told. */
  pauseMs: number
}

async function askInRounds<T>(parts: AiRouterParts, question: Question<T>): Promise<Reply<T>> {
  const answerSchema = z.toJSONSchema(question.answer)
  const atMost = { inputTokens: estimateTokens(question.system, question.user, JSON.stringify(answerSchema)), outputTokens: question.maxOutputTokens }
  const models = modelsFor(await parts.models.of(question.context.tenantId), new Set(parts.providers.keys()), { purpose: question.context.purpose, ...atMost })
  const candidates = models.flatMap((model) => {
    const provider = parts.providers.get(model.provider)
    return provider === undefined ? [] : [{ model, provider }]
  })
  const progress: Progress = { candidates, error: new AppError('MODEL_NOT_CONFIGURED'), tokens: 0, costMicroUsd: 0, calls: 0, pauseMs: 0 }
  for (let round = 0; round < ROUNDS && progress.candidates.length > 0; round++) {
    if (round > 0) await parts.sleep(pauseOf(parts, round, progress), question.context.signal)
    const reply = await askRound(parts, progress, { question, atMost, answerSchema })
    if (reply !== null) return reply
  }
  const { error, tokens, costMicroUsd, calls } = progress
  return { value: null, model: null, error, tokens, costMicroUsd, calls }
}

interface Asking<T> {
  readonly question: Question<T>
  readonly atMost: TokenUsage
  readonly answerSchema: Readonly<Record<string, unknown>>
}

/** One call per candidate that is left, until one answers. Null when none did. */
async function askRound<T>(parts: AiRouterParts, progress: Progress, { question, atMost, answerSchema }: Asking<T>): Promise<Reply<T> | null> {
  progress.pauseMs = 0
  for (const candidate of progress.candidates) {
    if (!progress.candidates.includes(candidate)) continue
    const { model, provider } = candidate
    question.context.signal.throwIfAborted()
    const until = await parts.states.exhaustedUntil(model.id)
    if (until !== null) {
      drop(progress, (other) => other === candidate, new ModelFailure('MODEL_DAILY_LIMIT', { provider: provider.name, model: model.id, resetsAtMs: until.getTime() }))
      continue
    }
    const { system, user, maxOutputTokens, context } = question
    const request = { system, user, answerSchema, maxOutputTokens: Math.min(maxOutputTokens, model.outputLimitTokens) }
    const outcome = await callModel(parts, { provider, model, request, atMost, context }).catch((error: unknown) => {
      if (hasCode(error, 'QUOTA_EXCEEDED')) return error
      throw error
    })
    if (outcome instanceof AppError) {
      drop(progress, () => true, outcome)
      return null
    }
    count(progress, outcome)
    const failure = outcome.answer === null ? outcome.error : checked(question, outcome.answer, candidate)
    if (!(failure instanceof AppError)) return { ...spentOf(progress), value: failure.value, model: outcome.answer?.model ?? model.id, error: null }
    judge(progress, candidate, failure)
  }
  return null
}

const spentOf = ({ tokens, costMicroUsd, calls }: Progress) => ({ tokens, costMicroUsd, calls })

function count(progress: Progress, { tokens, costMicroUsd, error }: { tokens: number; costMicroUsd: number; error: AppError | null }): void {
  progress.tokens += tokens
  progress.costMicroUsd += costMicroUsd
  if (error === null || error instanceof ModelFailure) progress.calls++
}

/** The schema check: what does not have the asked shape is no answer. */
function checked<T>({ answer }: Question<T>, { text, model: answeredBy, usage }: ModelAnswer, { model, provider }: Candidate): { readonly value: T } | ModelFailure {
  const invalid = () => new ModelFailure('MODEL_ANSWER_INVALID', { provider: provider.name, model: model.id, usage, answeredBy })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return invalid()
  }
  const parsed = answer.safeParse(content)
  return parsed.success ? { value: parsed.data } : invalid()
}

/** Keeps the candidates that may still answer. */
function judge(progress: Progress, candidate: Candidate, failure: AppError): void {
  const helps = failure instanceof ModelFailure ? failure.traits.helps : failure.code === 'MODEL_CIRCUIT_OPEN' ? 'provider' : 'model'
  if (helps === 'stop') return drop(progress, () => true, failure)
  if (helps === 'provider') return drop(progress, ({ provider }) => provider === candidate.provider, failure)
  if (helps === 'model') return drop(progress, (other) => other === candidate, failure)
  const waitMs = failure instanceof ModelFailure ? (failure.retryAfterMs ?? 0) : 0
  if (waitMs > LONGEST_PAUSE_MS) return drop(progress, (other) => other === candidate, failure)
  progress.error = failure
  progress.pauseMs = Math.max(progress.pauseMs, waitMs)
}

function drop(progress: Progress, isOut: (candidate: Candidate) => boolean, error: AppError): void {
  progress.candidates = progress.candidates.filter((candidate) => !isOut(candidate))
  progress.error = error
}

/** Never shorter than a provider asked for; half of our own pause is chance. */
function pauseOf({ random }: AiRouterParts, round: number, { pauseMs }: Progress): number {
  const own = FIRST_PAUSE_MS * 2 ** (round - 1)
  return Math.max(pauseMs, own / 2 + (own / 2) * random())
}
