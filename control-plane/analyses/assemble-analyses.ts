// Puts the parts of analyses/, queue/ and github/ together for main.ts and for tests, so that both run the same thing.
import type { Db } from 'mongodb'
import type { Host } from '../../analysis/analyse.ts'
import { createFactsSource } from '../../facts/facts-source.ts'
import { createGithubCodeHost } from '../../facts/github-code-host.ts'
import type { GithubClientSettings } from '../../pull-request/client.ts'
import type { Advisor } from '../ai/advisor.ts'
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { AppError } from '../errors.ts'
import { isDatabaseUnavailable } from '../database/database-errors.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import { createClientOf, createConnectTenant, type ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../operations/metrics.ts'
import { createLiveChanges } from '../live/live-changes.ts'
import { createLiveRoutes } from '../live/live-routes.ts'
import { createBacklog } from '../queue/backlog.ts'
import { createAdmission } from '../queue/admit.ts'
import { createDeadLettersService } from '../queue/dead-letters-service.ts'
import type { DeadLettersService } from '../queue/dead-letters-service.ts'
import { createDeadLettersStore, deadLettersIndexes } from '../queue/dead-letters-store.ts'
import { createJobQueue, jobsIndexes } from '../queue/job-queue.ts'
import { createSweep } from '../queue/sweep.ts'
import type { SweepResult } from '../queue/sweep.ts'
import { watchQueues } from '../queue/watch-queues.ts'
import { createWorker } from '../queue/worker.ts'
import type { Worker } from '../queue/worker.ts'
import { createFixPullRequestsStore, fixPullRequestsIndexes } from '../pull-requests/fix-pull-requests-store.ts'
import { createSyncPullRequest } from '../pull-requests/sync-pull-request.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { NO_TRACING, type Tracing } from '../tracing/tracing.ts'
import { createAnalysesRoutes } from './analyses-routes.ts'
import { createAnalysesService } from './analyses-service.ts'
import type { AnalysesService } from './analyses-service.ts'
import { createAnalysesStore } from './analyses-store.ts'
import { analysesIndexes } from './analysis-document.ts'
import { createAnalysisEvents } from './analysis-events.ts'
import type { Versions } from './dedupe-key.ts'
import { createFactCache, factsIndexes } from './fact-cache.ts'
import { createAiPreview, createProcessAnalysis } from './process-analysis.ts'
import type { ProcessParts } from './process-analysis.ts'

export const analysesModuleIndexes: readonly CollectionIndexes[] = [analysesIndexes, deadLettersIndexes, factsIndexes, fixPullRequestsIndexes, jobsIndexes]

export interface AnalysesModule {
  readonly routes: readonly AppRoutes[]
  readonly service: AnalysesService
  readonly github: GithubClientSettings
  readonly clientOf: ClientOf
  readonly worker: Worker
  readonly deadLetters: DeadLettersService
  readonly sweep: () => Promise<SweepResult>
  /** The requests to models that this analysis would make. Throws ANALYSIS_NOT_FOUND, and what reading the repository throws. */
  readonly previewAi: (tenantId: string, id: string) => Promise<ReturnType<Advisor['preview']>>
}

export interface AnalysesModuleParts {
  readonly db: Db
  readonly collections: TenantCollections
  readonly tenants: TenantsStore
  readonly credentials: CredentialsService
  readonly audit: AuditStore
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Left out: no traces are kept. */
  readonly tracing?: Tracing
  /** How GitHub is reached. Left out: the process's own. */
  readonly fetch?: typeof fetch
  readonly config: Pick<Config, 'github' | 'queue' | 'publicUrl' | 'webhookSecrets'>
  readonly versions: Versions
  readonly repositories: ProcessParts['repositories']
  readonly advisor: Advisor
  /** Repeats and paces calls to the code host inside an attempt. */
  readonly paceGithub: boolean
  readonly githubTimeoutMs?: number
  /** What the worker sweeps besides: reservations that nobody ended. */
  readonly sweepQuotas?: () => Promise<unknown>
  /** Ends long polls when the service stops. */
  readonly stopping: AbortSignal
}

const GITHUB_TIMEOUT_MS = 20_000

export function assembleAnalyses(parts: AnalysesModuleParts): AnalysesModule {
  const { db, collections, tenants, credentials, audit, clock, logger, metrics, config, versions, tracing = NO_TRACING } = parts
  const { queue, publicUrl } = config
  const github: GithubClientSettings = {
    apiUrl: config.github.apiUrl, userAgent: `autodevops/${versions.engine}`, pace: parts.paceGithub, requestTimeoutMs: parts.githubTimeoutMs ?? GITHUB_TIMEOUT_MS, fetch: parts.fetch ?? fetch,
  }
  const connect = createConnectTenant({ credentials, github })
  const clientOf = createClientOf(connect)
  const store = createAnalysesStore({ collections, clock })
  const letters = createDeadLettersStore(collections)
  const events = createAnalysisEvents()
  const changes = createLiveChanges({ store, clock, logger })
  const jobs = createJobQueue({
    db, settings: queue,
    onError: (error) => logger.warn({ err: error }, isDatabaseUnavailable(error) ? 'the queue cannot reach the database' : 'the queue reports an error'),
  })
  const admission = createAdmission({ store, jobs, clock, perTenant: queue.admitPerTenant })
  const backlog = createBacklog({ countWaiting: store.countWaiting, most: queue.maxBacklog, now: Date.now, logger })
  const service = createAnalysesService({ store, backlog, admission, tenants, clientOf, events, clock, versions, publicUrl, policies: parts.repositories.policies, metrics, tracing })
  const sweep = createSweep({ store, tenants, letters, admission, jobs, clock, logger, metrics, settings: queue })
  const processing = { store, tenants, connect, audit, clock, publicUrl, repositories: parts.repositories, advisor: parts.advisor, syncPullRequest: createSyncPullRequest({ store: createFixPullRequestsStore({ collections, clock }), analyses: store, audit, clock, publicUrl, takesCommands: config.webhookSecrets.length > 0, metrics }), tracing, host: hostOf(config.github.url), answerFacts: answerFacts(parts) }
  const process = createProcessAnalysis(processing)
  const preview = createAiPreview(processing)
  watchQueues({ store, letters, clock, metrics })
  const sweepAll = async () => (await Promise.all([sweep(), parts.sweepQuotas?.()]))[0]
  return {
    service, github, clientOf, sweep,
    previewAi: async (tenantId, id) => {
      const found = await store.for(tenantId).get(id)
      if (found === null) throw new AppError('ANALYSIS_NOT_FOUND')
      return preview(found)
    },
    routes: [createAnalysesRoutes({ service, stopping: parts.stopping }), createLiveRoutes({ changes, analyses: service, stopping: parts.stopping })],
    deadLetters: createDeadLettersService({ letters, analyses: store, admission, audit }),
    worker: createWorker({ store, jobs, admission, letters, sweep: sweepAll, process, onEnded: (id) => {
        events.ended(id)
        changes.hint()
      }, clock, logger, metrics, tracing, settings: queue }),
  }
}

const hostOf = (url: string): Host => (new URL(url).hostname === 'github.com' ? { kind: 'github.com' } : { kind: 'ghes', version: null })

function answerFacts({ collections, clock, config, fetch: send = fetch }: AnalysesModuleParts): ProcessParts['answerFacts'] {
  const cache = createFactCache(collections)
  return (wanted, { tenantId, token, signal }) => {
    const codeHost = createGithubCodeHost({ apiUrl: config.github.apiUrl, token, fetch: send })
    return createFactsSource({ codeHost, cache, clock, scope: `tenant:${tenantId}` }).answer(wanted, { signal })
  }
}
