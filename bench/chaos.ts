// Two API processes and three workers on one database, under load, while processes and the database are killed and GitHub fails.
// In the end everything that was accepted must have ended, once. Prints counts; exits with 1 and the names of what is wrong.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startKillableServer } from '../test/database/killable-server.ts'
import { startCrashFixture } from '../test/e2e/crash-fixture.ts'
import { answerHonestly } from '../test/model-server/answer-honestly.ts'
import { startModelServer, type ModelScript } from '../test/model-server/start-model-server.ts'
import { checkGithub } from './chaos/check-github.ts'
import { checkLeftovers, waitUntilDrained } from './chaos/check-leftovers.ts'
import { checkAnalyses, checkLogs, checkPullRequestRecords, checkRepositories } from './chaos/check-service.ts'
import { startFleet, type Fleet } from './chaos/fleet.ts'
import { submitAll } from './chaos/load.ts'
import { CHAOS_USAGE, readOptions, type ChaosOptions } from './chaos/options.ts'
import { createRandom } from './chaos/random.ts'
import { strikeOnAndOn } from './chaos/strikes.ts'
import { createTally, type Tally } from './chaos/tally.ts'
import { makeWeather } from './chaos/weather.ts'

const SIZES = { api: 2, worker: 3 }
/** Every other one lets models be asked; the first one's policy allows fewer pull requests than it has repositories. */
const MOST_OPEN = 3
const OWNERS = [0, 1, 2, 3].map((number) => ({ login: `org-${number}`, id: 5_000 + number, aiEnabled: number % 2 === 1, ...(number === 0 ? { maxOpen: MOST_OPEN } : {}) }))
const SECTIONS = ['submissions', 'answers to clients', 'strikes', 'faults of GitHub', 'analyses', 'attempts tried again', 'GitHub', 'calls to models']
/** Attempts are spent on kills: more of them than an operator would allow. */
const ENV = { MAX_ATTEMPTS: '20', SHUTDOWN_MS: '3000', AI_TIMEOUT_MS: '3000', GITHUB_PACING: 'on', RATE_LIMIT_PER_MINUTE: '60', RATE_LIMIT_ADDRESS_PER_MINUTE: '100000' }

async function run(options: ChaosOptions, tally: Tally): Promise<void> {
  const models = await startModelServer(moodyModels(options.seed))
  const server = await startKillableServer()
  const { db } = server.connection
  const fixture = await startCrashFixture(db, { ...server, owners: OWNERS, env: { ...ENV, GEMINI_API_KEY: 'scripted', GEMINI_BASE_URL: models.baseUrl.gemini } })
  const fleet = await startFleet({ start: (role) => fixture.start(role), tally }, SIZES)
  try {
    const over = new AbortController()
    const forMs = options.minutes * 60_000
    const load = submitAll({ fixture, fleet, tally }, { ...options, forMs, organisations: OWNERS.length })
    const strikes = strikeOnAndOn({ fleet, server, tally, random: createRandom(options.seed, 'strikes') }, over.signal)
    const weather = makeWeather({ github: fixture.github, tokens: OWNERS.map(({ login }) => login), tally, random: createRandom(options.seed, 'weather') }, over.signal)
    await pause(forMs)
    over.abort()
    await Promise.all([strikes, weather])
    const { accepted } = await load
    await waitUntilDrained(db, tally)
    const parts = { db, fleet, tally }
    const stored = await checkAnalyses(parts, accepted)
    await checkRepositories(parts, accepted)
    await checkPullRequestRecords(parts, accepted)
    checkLogs(parts)
    await checkGithub({ github: fixture.github, tally, mostOpen: new Map([['org-0', MOST_OPEN]]) }, accepted, stored)
    await checkLeftovers(db, fixture.tenantIds, tally)
    tally.add('calls to models', 'requests', models.requests.length)
  } finally {
    if (options.logs !== null) writeLogs(fleet, options.logs)
    await fleet.close()
    await fixture.close()
    await server.close()
    await models.close()
  }
}

function moodyModels(seed: number): ModelScript {
  const random = createRandom(seed, 'models')
  return (request) => {
    if (random.chance(0.05)) return { kind: 'hang' }
    if (random.chance(0.05)) return { kind: 'reset', when: 'mid-answer' }
    if (random.chance(0.05)) return { kind: 'refuse', status: 503 }
    const answer = answerHonestly(request)
    return answer.kind === 'answer' ? { ...answer, delayMs: random.whole(10, 400) } : answer
  }
}

function writeLogs(fleet: Fleet, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of fleet.outputs()) writeFileSync(path.join(folder, `${name}.log`), text)
}

function optionsOrHelp(): ChaosOptions {
  try {
    return readOptions(process.argv.slice(2), () => Math.floor(Math.random() * 1_000_000))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${CHAOS_USAGE}`)
    process.exit(2)
  }
}

const options = optionsOrHelp()
const tally = createTally(SECTIONS)
const began = performance.now()
console.log(`seed ${options.seed}: ${options.analyses} commits, ${SIZES.api} APIs, ${SIZES.worker} workers, ${OWNERS.length} organisations; load, strikes and faults for ${options.minutes} min; Node ${process.versions.node}`)
await run(options, tally)
console.log(`${tally.print()}\n${Math.round((performance.now() - began) / 1000)} s`)
process.exit(tally.faults.length === 0 ? 0 : 1)
