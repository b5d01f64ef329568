#!/usr/bin/env node
// The operator's commands. Uses the settings of the service and its database; on the embedded server it works beside a
// running service. Exit codes: 0 done, 1 failed, 2 not used as the help says. Secrets come from standard input only.
import { destination } from 'pino'
import { VERSION } from '../analysis/version.ts'
import { ADMIN_HELP, parseAdminCommand } from './operations/admin-command.ts'
import { runAdminCommand } from './operations/run-admin-command.ts'
import { analysesModuleIndexes, assembleAnalyses } from './analyses/assemble-analyses.ts'
import { createSubmitHead } from './analyses/submit-head.ts'
import { aiModuleIndexes, assembleAi } from './ai/assemble-ai.ts'
import { createModelPrices } from './ai/prices/model-prices.ts'
import { createPricesService } from './ai/prices/prices-service.ts'
import { systemClock } from './clock.ts'
import { readConfig } from './config.ts'
import { ensureIndexes } from './database/indexes.ts'
import { openDatabase } from './database/open-database.ts'
import { hasCode } from './errors.ts'
import { describeFailure } from './failure-text.ts'
import { createLogger } from './logging.ts'
import { createMetrics } from './operations/metrics.ts'
import { assembleQuotas, quotasModuleIndexes } from './quotas/assemble-quotas.ts'
import { assembleRepositories } from './repositories/assemble-repositories.ts'
import { assembleScans, scansModuleIndexes } from './scans/assemble-scans.ts'
import { createPlatformServices, platformIndexes } from './platform-services.ts'

const STANDARD_ERROR = 2

async function main(args: readonly string[]): Promise<void> {
  const command = parseAdminCommand(args)
  if (command.name === 'help') {
    process.stdout.write(ADMIN_HELP)
    return
  }
  const config = readConfig()
  const logger = createLogger({ level: 'error', destination: destination({ dest: STANDARD_ERROR, sync: true }) })
  const database = await openDatabase({ config: config.database, logger, beside: true })
  try {
    const { db, ping } = database.connection
    await ping()
    await ensureIndexes(db, [...platformIndexes, ...analysesModuleIndexes, ...aiModuleIndexes, ...quotasModuleIndexes, ...scansModuleIndexes])
    const clock = systemClock
    const metrics = createMetrics()
    const platform = createPlatformServices({ db, config, clock, logger })
    const quotas = assembleQuotas({ ...platform, clock, logger })
    const prices = createPricesService(platform)
    const ai = assembleAi({ ...platform, config, clock, budget: quotas.service, priceOf: createModelPrices(prices), metrics })
    const repositories = assembleRepositories({ ...platform, clock })
    const { deadLetters, previewAi, service: analyses, github, clientOf } = assembleAnalyses({
      ...platform, advisor: ai.advisor, repositories, db, config, clock, logger, metrics, paceGithub: config.github.paces,
      versions: { policy: 'default', engine: VERSION, data: VERSION }, stopping: new AbortController().signal,
    })
    const submitHead = createSubmitHead({ ...platform, analyses, clientOf, logger })
    const scans = assembleScans({ ...platform, repositories, submitHead, analyses, github, engine: VERSION, metrics, clock, logger, pollMs: config.scans.pollMs, limits: { ...config.queue, ...config.scans } })
    await runAdminCommand(command, {
      ...platform, deadLetters, previewAi, quotas, prices, models: ai.models, scans, aiSettings: ai.settings, clock, issuer: config.oidc.issuers[0] ?? '',
      input: process.stdin, write: (line) => process.stdout.write(`${line}\n`), report: (line) => process.stderr.write(`${line}\n`),
    })
  } finally {
    await database.close()
  }
}

try {
  await main(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  if (hasCode(error, 'USAGE')) process.stderr.write(`\n${ADMIN_HELP}`)
  process.exit(hasCode(error, 'USAGE') ? 2 : 1)
}
