// The composition root of the service: reads the settings, opens the database, wires every part, listens, and stops
// without losing what it has accepted. A boot that fails says everything that is wrong and exits with 1.
import closeWithGrace from 'close-with-grace'
import { VERSION } from '../analysis/version.ts'
import { analysesModuleIndexes, assembleAnalyses } from './analyses/assemble-analyses.ts'
import { createSubmitHead } from './analyses/submit-head.ts'
import { aiModuleIndexes, assembleAi } from './ai/assemble-ai.ts'
import { createModelPrices } from './ai/prices/model-prices.ts'
import { createPricesRoutes } from './ai/prices/prices-routes.ts'
import { createPricesService } from './ai/prices/prices-service.ts'
import { buildApp } from './app.ts'
import { assembleAccess } from './auth/assemble-access.ts'
import { assembleBaselines, baselinesModuleIndexes } from './baselines/assemble-baselines.ts'
import { systemClock } from './clock.ts'
import { readConfig, type Config } from './config.ts'
import { createCountsExchange } from './http/exchange-counts.ts'
import { createKeptAnswersStore, keptAnswersIndexes } from './http/kept-answers-store.ts'
import { createRequestCountsStore } from './http/request-counts-store.ts'
import { createRequestCounts } from './http/request-counts.ts'
import { newId } from './database/new-id.ts'
import { ensureIndexes } from './database/indexes.ts'
import { openDatabase, type Database } from './database/open-database.ts'
import { describeFailure } from './failure-text.ts'
import { assembleFleet, fleetModuleIndexes } from './fleet/assemble-fleet.ts'
import { observeGithub } from './github/observe-github.ts'
import { createLogger, type Logger } from './logging.ts'
import { assembleMaintenance } from './operations/assemble-maintenance.ts'
import { createMetrics } from './operations/metrics.ts'
import { assemblePullRequests } from './pull-requests/assemble-pull-requests.ts'
import { assembleQuotas, quotasModuleIndexes } from './quotas/assemble-quotas.ts'
import { assembleRepositories, repositoriesModuleIndexes } from './repositories/assemble-repositories.ts'
import { assembleScans, scansModuleIndexes } from './scans/assemble-scans.ts'
import { assembleWebhooks, webhooksModuleIndexes } from './webhooks/assemble-webhooks.ts'
import { createPlatformServices, platformIndexes } from './platform-services.ts'
import { openTracing } from './tracing/open-tracing.ts'
import { NO_TRACING, type Tracing } from './tracing/tracing.ts'

/** After the work has had its time, for what is left: answers, connections, the database. */
const CLEAN_UP_MS = 15_000

async function main(): Promise<void> {
  const config = readConfig()
  let tracing = NO_TRACING
  const logger = createLogger({ level: config.logLevel, onError: (error, message) => { tracing.report(error, message) } })
  tracing = await openTracing(config.tracing, { logger })
  const database = await openDatabase({ config: config.database, logger, beside: false })
  try {
    const service = await startService({ config, logger, database, tracing })
    closeWithGrace({ delay: config.shutdownMs + CLEAN_UP_MS, logger }, async ({ signal, err }) => {
      if (err !== undefined) logger.error({ err }, 'the service stops because of an error that nobody handled')
      else logger.info({ signal }, 'the service stops')
      await service.stop()
    })
    say(`AutoDevOps ${VERSION} (role ${config.role}) listens at ${service.address}`, `  database       ${database.description}`, `  documentation  ${config.publicUrl}/docs`)
    logger.info({ role: config.role, address: service.address, database: database.description }, 'the service is ready')
  } catch (error) {
    await database.close()
    throw error
  }
}

async function startService({ config, logger, database, tracing }: { config: Config; logger: Logger; database: Database; tracing: Tracing }) {
  const { connection } = database
  // The queue connects when it is assembled, so the database has to answer first.
  await connection.ping()
  await ensureIndexes(connection.db, [...platformIndexes, keptAnswersIndexes, ...analysesModuleIndexes, ...repositoriesModuleIndexes, ...webhooksModuleIndexes, ...aiModuleIndexes, ...quotasModuleIndexes, ...fleetModuleIndexes, ...baselinesModuleIndexes, ...scansModuleIndexes])
  const clock = systemClock
  const stopping = new AbortController()
  const metrics = createMetrics()
  const githubFetch = observeGithub({ fetch, github: config.github, metrics, tracing })
  const platform = createPlatformServices({ db: connection.db, config, clock, logger, fetch: githubFetch })
  const repositories = assembleRepositories({ ...platform, clock })
  const versions = { policy: 'default', engine: VERSION, data: VERSION }
  const quotas = assembleQuotas({ ...platform, clock, logger })
  const prices = createPricesService(platform)
  const ai = assembleAi({ ...platform, config, clock, budget: quotas.service, priceOf: createModelPrices(prices), metrics, tracing })
  const analyses = assembleAnalyses({
    ...platform, config, clock, logger, versions, repositories, advisor: ai.advisor, sweepQuotas: quotas.tend, db: connection.db, metrics, tracing, fetch: githubFetch, paceGithub: config.github.paces, stopping: stopping.signal,
  })
  const access = assembleAccess({ platform, config, clock })
  const issuerHost = new URL(config.oidc.issuers[0] ?? config.github.url).host
  const baselines = assembleBaselines({ ...platform, repositories: repositories.store, clientOf: analyses.clientOf, clock, stopping: stopping.signal })
  const submitHead = createSubmitHead({ ...platform, analyses: analyses.service, clientOf: analyses.clientOf, logger })
  const pullRequests = assemblePullRequests({ ...platform, clientOf: analyses.clientOf, policies: repositories.policies, submitHead, clock, logger })
  const fleet = assembleFleet({ ...platform, repositories: repositories.store, pullRequests: pullRequests.service, clock, publicUrl: config.publicUrl })
  const scans = assembleScans({
    ...platform, repositories, submitHead, analyses: analyses.service, github: analyses.github, engine: VERSION, metrics, tracing, clock, logger,
    pollMs: config.scans.pollMs, limits: { ...config.queue, ...config.scans },
  })
  const webhooks = assembleWebhooks({ ...platform, repositories: repositories.store, submitHead, pullRequests, secrets: config.webhookSecrets, issuerHost, clock, logger, metrics, tracing, settings: config.queue })
  const maintenance = assembleMaintenance({ platform, config, clock, logger, tasks: [pullRequests.task, scans.maintenance, ...webhooks.tasks] })
  const counts = createRequestCounts({ now: Date.now })
  const exchange = createCountsExchange({ counts, store: createRequestCountsStore(platform.collections), processId: newId(clock()), logger })
  const app = await buildApp({
    config, logger, metrics, tracing, counts,
    authenticate: access.authenticate,
    keptAnswers: { answers: createKeptAnswersStore(platform.collections), clock },
    readiness: [{ name: 'database', check: () => connection.ping() }],
    routes: config.role === 'worker' ? [] : [...access.routes, ...analyses.routes, ...repositories.routes, baselines.routes, ...fleet.routes, ai.routes, createPricesRoutes({ prices, models: ai.models, clock }), ...quotas.routes, ...scans.routes, ...pullRequests.routes],
    openRoutes: config.role === 'worker' ? [] : webhooks.routes,
  })
  if (config.role !== 'worker') exchange.start()
  if (config.role !== 'api') {
    await analyses.worker.start()
    webhooks.worker.start()
    scans.worker.start((tenantId) => pullRequests.openWaiting(tenantId))
    maintenance.start()
  }
  const address = await app.listen({ host: config.host, port: config.port })
  return {
    address,
    stop: async () => {
      stopping.abort()
      await app.close()
      await exchange.stop()
      await Promise.all([webhooks.worker.stop(), scans.worker.stop()])
      if (config.role !== 'api') await Promise.all([analyses.worker.stop(config.shutdownMs), maintenance.stop()])
      await Promise.all([database.close(), tracing.stop()])
    },
  }
}

const say = (...lines: readonly string[]): void => {
  process.stderr.write(`${lines.join('\n')}\n`)
}

try {
  await main()
} catch (error) {
  say(`AutoDevOps cannot start. ${describeFailure(error)}`)
  process.exit(1)
}
