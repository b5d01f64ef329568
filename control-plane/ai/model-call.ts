// One call to one model, with its books: reservation, circuit breaker, the call itself, settlement, and the audit log's record of
// it. Whatever happens after the dispatch, the reservation is settled: by the provider's count, or at its maximum when nobody
// knows what the provider bills.
import { createHash } from 'node:crypto'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { AppError, hasCode } from '../errors.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { Budget, ModelPrice, PriceOf, TokenUsage } from './budget.ts'
import { inSpan, type Tracing } from '../tracing/tracing.ts'
import { ModelFailure } from './model-failure.ts'
import type { Model } from './models.ts'
import type { ProviderStates, Ticket } from './provider-states.ts'
import type { ModelAnswer, ModelProvider, ModelRequest } from './providers/provider.ts'
import type { Purpose } from './purposes/purpose.ts'

export interface CallContext {
  readonly tenantId: string
  readonly actor: string
  readonly repositoryId: string
  /** The analysis for which it is asked. */
  readonly subject: string
  readonly correlationId: string | null
  readonly purpose: Purpose
  /** Answers that are known are used; nothing new is asked. */
  readonly knownOnly?: boolean
  readonly signal: AbortSignal
}

export interface ModelCallParts {
  readonly budget: Budget
  readonly priceOf: PriceOf
  readonly states: ProviderStates
  readonly audit: AuditStore
  readonly clock: Clock
  readonly timeoutMs: number
  readonly metrics: Pick<Metrics, 'modelCalls' | 'modelCallSeconds'>
  readonly tracing: Pick<Tracing, 'begin'>
}

export interface ModelCall {
  readonly provider: ModelProvider
  readonly model: Model
  readonly request: Omit<ModelRequest, 'signal' | 'model' | 'parameters'>
  /** The most that it can use. */
  readonly atMost: TokenUsage
  readonly context: CallContext
}

export type CallOutcome = { readonly answer: ModelAnswer; readonly error: null } | { readonly answer: null; readonly error: AppError }
export type SettledCall = CallOutcome & { readonly tokens: number; readonly costMicroUsd: number }

const NOT_MADE = { tokens: 0, costMicroUsd: 0, answer: null } as const
/** A reservation outlives its call by this much, so that settling it is not a race. */
const SPARE_MS = 60_000

/** Rejects with QUOTA_EXCEEDED, with the reason of the signal, or with what the database says; everything else is in the outcome. */
export async function callModel(parts: ModelCallParts, call: ModelCall): Promise<SettledCall> {
  const count = (outcome: string): void => parts.metrics.modelCalls.inc({ provider: call.provider.name, outcome })
  try {
    const settled = await callWithBooks(parts, call)
    count(settled.error?.code ?? 'answered')
    return settled
  } catch (error) {
    count(error instanceof AppError && !call.context.signal.aborted ? error.code : 'aborted')
    throw error
  }
}

async function callWithBooks(parts: ModelCallParts, call: ModelCall): Promise<SettledCall> {
  const { budget, priceOf, states, clock, timeoutMs } = parts
  const { model, provider, atMost, context: { tenantId, actor, repositoryId, purpose } } = call
  const price = await priceOf(tenantId, model.id, clock().getTime())
  const mostCost = price?.costMicroUsd(atMost) ?? null
  if (price === null || mostCost === null) return { ...NOT_MADE, error: new AppError('MODEL_PRICE_MISSING', { detail: model.id }) }
  const most = { tokens: atMost.inputTokens + atMost.outputTokens, costMicroUsd: mostCost }
  const { reservationId } = await budget.reserve({ tenantId, actor, repositoryId, purpose, model: model.id, requests: 1, ...most, expiresInMs: timeoutMs + SPARE_MS })
  const ticket = await states.enter(provider.name)
  if (ticket === null) {
    await budget.release(reservationId)
    return { ...NOT_MADE, error: new AppError('MODEL_CIRCUIT_OPEN', { detail: provider.name }) }
  }
  await budget.dispatch(reservationId)
  const started = performance.now()
  const outcome = await generateInSpan(parts, call)
  const latencyMs = Math.round(performance.now() - started)
  parts.metrics.modelCallSeconds.observe({ provider: provider.name }, latencyMs / 1000)
  const bill = await billOf(parts, call, { outcome, price, mostCost })
  const settled = await settle(parts, reservationId, { bill, most })
  await tell(states, call, { outcome, ticket })
  await record(parts, call, { outcome, bill: settled, latencyMs })
  call.context.signal.throwIfAborted()
  return { ...outcome, tokens: settled.tokens, costMicroUsd: settled.costMicroUsd }
}

/** A process that stood still for longer than its reservation finds it settled at its maximum: that is the bill then. */
async function settle({ budget }: ModelCallParts, reservationId: string, { bill, most }: { bill: Bill; most: Pick<Bill, 'tokens' | 'costMicroUsd'> }): Promise<Bill> {
  try {
    await budget.settle(reservationId, { requests: 1, model: bill.model, tokens: bill.tokens, costMicroUsd: bill.costMicroUsd })
    return bill
  } catch (error) {
    if (hasCode(error, 'RESERVATION_EXPIRED')) return { ...bill, ...most }
    throw error
  }
}

/** Neither the prompt nor the answer is part of a trace. */
async function generateInSpan({ tracing, timeoutMs }: ModelCallParts, call: ModelCall): Promise<CallOutcome> {
  const { provider, model, context: { purpose } } = call
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider.name, 'gen_ai.request.model': model.id, 'autodevops.purpose': purpose }
  return inSpan(tracing, { name: `chat ${model.id}`, kind: 'client', attributes }, async (span) => {
    const outcome = await generate(call, timeoutMs)
    if (outcome.error !== null) span.fail(outcome.error)
    else span.set({ 'gen_ai.usage.input_tokens': outcome.answer.usage.inputTokens, 'gen_ai.usage.output_tokens': outcome.answer.usage.outputTokens })
    return outcome
  })
}

async function generate({ provider, model, request, context }: ModelCall, timeoutMs: number): Promise<CallOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const signal = AbortSignal.any([context.signal, timeout])
    return { answer: await provider.generate({ ...request, model: model.id, parameters: model.parameters, signal }), error: null }
  } catch (error) {
    const at = { provider: provider.name, model: model.id }
    if (timeout.aborted || context.signal.aborted) return { answer: null, error: new ModelFailure('MODEL_TIMEOUT', at) }
    return { answer: null, error: error instanceof ModelFailure ? error : new ModelFailure('MODEL_ANSWER_INVALID', { ...at, said: String(error) }) }
  }
}

interface Bill {
  readonly model: string
  readonly tokens: number
  readonly costMicroUsd: number
  readonly usage: TokenUsage
}

/** By the model that answered; at the asked model's price where the other one has none, because it is never nothing. */
async function billOf({ priceOf, clock }: ModelCallParts, { model, atMost, context: { tenantId } }: ModelCall, { outcome, price, mostCost }: { outcome: CallOutcome; price: ModelPrice; mostCost: number }): Promise<Bill> {
  const failure = outcome.error instanceof ModelFailure ? outcome.error : null
  const refused = failure?.traits.bill === 'nothing' ? { inputTokens: 0, outputTokens: 0 } : atMost
  const usage = outcome.answer?.usage ?? failure?.usage ?? refused
  const answered = outcome.answer?.model ?? failure?.answeredBy ?? model.id
  const answeredPrice = answered === model.id ? price : await priceOf(tenantId, answered, clock().getTime()) ?? await priceOf(tenantId, withoutVersion(answered), clock().getTime())
  return { model: answered, usage, tokens: usage.inputTokens + usage.outputTokens, costMicroUsd: answeredPrice?.costMicroUsd(usage) ?? price.costMicroUsd(usage) ?? mostCost }
}

/** `gpt-6-luna-2026-09-01` is priced as `gpt-6-luna`. */
const withoutVersion = (model: string): string => model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest)$/, '')

async function tell(states: ProviderStates, { provider, model, context }: ModelCall, { outcome, ticket }: { outcome: CallOutcome; ticket: Ticket }): Promise<void> {
  const failure = outcome.error instanceof ModelFailure ? outcome.error : null
  if (context.signal.aborted) return states.abandoned(provider.name, ticket)
  if (failure?.traits.isOutage === true) return states.failed(provider.name, ticket)
  if (failure?.resetsAtMs !== undefined) await states.exhaust(model.id, new Date(failure.resetsAtMs))
  await (failure?.code === 'MODEL_RATE_LIMITED' ? states.abandoned(provider.name, ticket) : states.succeeded(provider.name, ticket))
}

async function record({ audit }: ModelCallParts, { provider, model, request, context }: ModelCall, { outcome, bill, latencyMs }: { outcome: CallOutcome; bill: Bill; latencyMs: number }): Promise<void> {
  const { tenantId, actor, subject, correlationId, purpose, repositoryId, signal } = context
  const details = {
    purpose, repositoryId, provider: provider.name, model: model.id, answeredBy: bill.model, inputTokens: bill.usage.inputTokens, outputTokens: bill.usage.outputTokens,
    costMicroUsd: bill.costMicroUsd, latencyMs, outcome: signal.aborted ? 'aborted' : (outcome.error?.code ?? 'answered'),
    promptHash: createHash('sha256').update(`${request.system}\0${request.user}`).digest('hex'),
  }
  await audit.for(tenantId).append({ actor, action: 'model.called', subject, details, correlationId })
}
