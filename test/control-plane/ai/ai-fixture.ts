// The AI path on a scripted model server, with a budget that keeps every entry of its books. Prices are one micro-USD for a token in, ten out.
import { assembleAi, type AiModule, type AiModuleParts } from '../../../control-plane/ai/assemble-ai.ts'
import type { Budget, PriceOf, ReservationRequest, Settlement } from '../../../control-plane/ai/budget.ts'
import type { Config } from '../../../control-plane/config.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { ModelServer } from '../../model-server/start-model-server.ts'

type AiConfig = Config['ai']

export const WITHOUT_PROVIDERS: AiConfig = { providers: { gemini: null, anthropic: null, openai: null }, modelsFile: null, timeoutMs: 2_000, breaker: { threshold: 5, coolDownMs: 60_000 } }

export function aiConfig(server: Pick<ModelServer, 'baseUrl'>, changes: Partial<AiConfig> = {}): AiConfig {
  const of = (name: 'gemini' | 'anthropic' | 'openai') => ({ apiKey: new Secret('key-for-tests'), baseUrl: server.baseUrl[name] })
  return { ...WITHOUT_PROVIDERS, providers: { gemini: of('gemini'), anthropic: of('anthropic'), openai: of('openai') }, ...changes }
}

const pricePerToken: PriceOf = () => Promise.resolve({ costMicroUsd: ({ inputTokens, outputTokens }) => inputTokens + 10 * outputTokens })

export interface Reservation extends ReservationRequest {
  state: 'reserved' | 'dispatched' | 'settled' | 'released'
  settlement: Settlement | null
}

export interface RecordingBudget extends Budget {
  readonly reservations: Reservation[]
  /** What `reserve` throws from now on; null grants. */
  refuse: Error | null
}

function createRecordingBudget(): RecordingBudget {
  const reservations: Reservation[] = []
  const move = (id: string, from: Reservation['state'], to: Reservation['state']): Reservation => {
    const found = reservations[Number(id)]
    if (found?.state !== from) throw new Error(`reservation ${id} is ${found?.state ?? 'unknown'}, not ${from}`)
    found.state = to
    return found
  }
  const budget: RecordingBudget = {
    reservations, refuse: null,
    reserve: (request) => {
      if (budget.refuse !== null) return Promise.reject(budget.refuse)
      return Promise.resolve({ reservationId: String(reservations.push({ ...request, state: 'reserved', settlement: null }) - 1) })
    },
    dispatch: (id) => Promise.resolve(void move(id, 'reserved', 'dispatched')),
    settle: (id, used) => Promise.resolve(void (move(id, 'dispatched', 'settled').settlement = used)),
    release: (id) => Promise.resolve(void move(id, 'reserved', 'released')),
  }
  return budget
}

export interface AiFixture extends AiModule {
  readonly budget: RecordingBudget
  /** Milliseconds of every pause that it would have made. */
  readonly pauses: number[]
}

type Platform = Pick<AiModuleParts, 'collections' | 'tenants' | 'audit' | 'clock'>

export function startAi(platform: Platform, ai: AiConfig, changes: Partial<AiModuleParts> = {}): AiFixture {
  const budget = createRecordingBudget()
  const pauses: number[] = []
  const sleep = (ms: number) => Promise.resolve(void pauses.push(ms))
  return { budget, pauses, ...assembleAi({ ...platform, config: { ai }, budget, priceOf: pricePerToken, metrics: createMetrics(), sleep, ...changes }) }
}
