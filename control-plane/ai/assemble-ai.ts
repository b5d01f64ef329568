// Puts the parts of ai/ together for main.ts and for tests, so that both run the same thing.
import { setTimeout as pause } from 'node:timers/promises'
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { NO_TRACING, type Tracing } from '../tracing/tracing.ts'
import { createAdvisor, type Advisor } from './advisor.ts'
import { createAiRouter, type AiRouter } from './ai-router.ts'
import { createAiRoutes } from './ai-routes.ts'
import { createAiSettings, type AiSettings } from './ai-settings.ts'
import { answersIndexes, createAnswersStore } from './answers-store.ts'
import type { Budget, PriceOf } from './budget.ts'
import { createModelCatalogue, type ModelCatalogue } from './model-catalogue.ts'
import { readModels } from './models.ts'
import { createProviderStates, type ProviderStates } from './provider-states.ts'
import { createAnthropicProvider } from './providers/anthropic.ts'
import { createGeminiProvider } from './providers/gemini.ts'
import { createOpenAiProvider } from './providers/openai.ts'
import type { ModelProvider, ProviderName } from './providers/provider.ts'
import { createQuestionClaimsStore, questionClaimsIndexes } from './question-claims-store.ts'

export const aiModuleIndexes: readonly CollectionIndexes[] = [answersIndexes, questionClaimsIndexes]

export interface AiModule {
  readonly advisor: Advisor
  readonly router: AiRouter
  readonly settings: AiSettings
  readonly models: ModelCatalogue
  readonly routes: AppRoutes
}

export interface AiModuleParts {
  readonly collections: TenantCollections
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly audit: AuditStore
  readonly clock: Clock
  readonly config: Pick<Config, 'ai'>
  readonly budget: Budget
  readonly priceOf: PriceOf
  readonly metrics: Metrics
  /** Left out: no traces are kept. */
  readonly tracing?: Tracing
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const CREATE = { gemini: createGeminiProvider, anthropic: createAnthropicProvider, openai: createOpenAiProvider }
/** A probe may take a call's time and what settling it needs. */
const PROBE_SPARE_MS = 10_000

/** Throws CONFIG_INVALID for models that are not usable. */
export function assembleAi({ collections, tenants, audit, clock, config, budget, priceOf, metrics, tracing = NO_TRACING, sleep = sleepFor }: AiModuleParts): AiModule {
  const { ai } = config
  const names = (Object.keys(CREATE) as ProviderName[])
  const providers = new Map(names.flatMap((name): [ProviderName, ModelProvider][] => {
    const provider = ai.providers[name]
    return provider === null ? [] : [[name, CREATE[name](provider, clock)]]
  }))
  const models = createModelCatalogue({ configured: readModels(ai.modelsFile), collections, audit, clock })
  const states = createProviderStates({ collections, clock, settings: { ...ai.breaker, probeMs: ai.timeoutMs + PROBE_SPARE_MS } })
  const router = createAiRouter({ budget, priceOf, states, metrics, tracing, audit, clock, timeoutMs: ai.timeoutMs, models, providers, sleep, random: Math.random })
  metrics.lookUp({ look: () => readBreakers(states, providers, metrics), clear: () => { metrics.modelBreakerOpen.reset() } })
  const settings = createAiSettings({ collections, tenants, audit, clock })
  const advisor = createAdvisor({ settings, router, answers: createAnswersStore({ collections, clock }), claims: createQuestionClaimsStore({ collections, clock }) })
  return { router, settings, models, advisor, routes: createAiRoutes({ settings }) }
}

async function readBreakers(states: ProviderStates, providers: ReadonlyMap<ProviderName, ModelProvider>, { modelBreakerOpen }: Metrics): Promise<void> {
  for (const provider of providers.keys()) modelBreakerOpen.set({ provider }, (await states.isOpen(provider)) ? 1 : 0)
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal })
}
