// The composition root of the service: reads the settings, opens the database, wires every part, listens, and stops
// without losing what it has accepted. A boot that fails says everything that is wrong and exits with 1.
import closeWithGrace from 'close-with-grace'
import { VERSION } from '../analysis/version.ts'
import { analysesModuleIndexes, assembleAnalyses } from './analyses/assemble-analyses.ts'
import { buildApp } from './app.ts'
import { createAuthenticate } from './auth/authenticate.ts'
import { createOidcIssuers } from './auth/oidc-issuers.ts'
import { createOidcTokens } from './auth/oidc-tokens.ts'
import { systemClock } from './clock.ts'
import { readConfig, type Config } from './config.ts'
import { ensureIndexes } from './database/indexes.ts'
import { openDatabase, type Database } from './database/open-database.ts'
import { describeFailure } from './failure-text.ts'
import { createLogger, type Logger } from './logging.ts'
import { createMetrics } from './operations/metrics.ts'
import { assembleQuotas, quotasModuleIndexes } from './quotas/assemble-quotas.ts'
import { createPlatformServices, platformIndexes } from './platform-services.ts'

/** After the work has had its time, for what is left: answers, connections, the database. */
const CLEAN_UP_MS = 15_000

async function main(): Promise<void> {
  const config = readConfig()
  const logger = createLogger({ level: config.logLevel })
  const database = await openDatabase({ config: config.database, logger, beside: false })
  try {
    const service = await startService({ config, logger, database })
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

async function startService({ config, logger, database }: { config: Config; logger: Logger; database: Database }) {
  const { connection } = database
  // The queue connects when it is assembled, so the database has to answer first.
  await connection.ping()
  await ensureIndexes(connection.db, [...platformIndexes, ...analysesModuleIndexes, ...quotasModuleIndexes])
  const clock = systemClock
  const stopping = new AbortController()
  const metrics = createMetrics()
  const platform = createPlatformServices({ db: connection.db, config, clock, logger })
  const versions = { policy: 'default', engine: VERSION, data: VERSION }
  const quotas = assembleQuotas({ ...platform, clock, logger })
  const analyses = assembleAnalyses({
    ...platform, config, clock, logger, versions, sweepQuotas: quotas.sweep, db: connection.db, registry: metrics.registry, paceGithub: config.github.paces, stopping: stopping.signal,
  })
  const issuers = createOidcIssuers({ issuers: config.oidc.issuers, fetch, clock })
  const oidcTokens = createOidcTokens({ issuers, audience: config.oidc.audience, tenants: platform.tenants, clock })
  const app = await buildApp({
    config, logger, metrics,
    authenticate: createAuthenticate({ apiKeys: platform.apiKeys, oidcTokens }),
    readiness: [{ name: 'database', check: () => connection.ping() }],
    routes: config.role === 'worker' ? [] : [analyses.routes, quotas.routes],
  })
  if (config.role !== 'api') await analyses.worker.start()
  const address = await app.listen({ host: config.host, port: config.port })
  return {
    address,
    stop: async () => {
      stopping.abort()
      await app.close()
      if (config.role !== 'api') await analyses.worker.stop(config.shutdownMs)
      await database.close()
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
