// What a submission costs: how many the API takes a second and how long each waits, beside a bare Fastify route in the same run, and
// how many commands the API and a worker send to the database for one analysis, from its submission to its pull request.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { startKillableServer, type KillableServer } from '../test/database/killable-server.ts'
import { startCrashFixture, type CrashFixture, type CrashRepository } from '../test/e2e/crash-fixture.ts'
import { CI_PATH, DRIFTED } from '../test/pull-request/drifted-workflow.ts'
import { quantile } from './quantile.ts'
import { startCountingProxy } from './submissions/counting-proxy.ts'
import { sendAll, type Sending, type Sent } from './submissions/send.ts'

const OWNERS = [0, 1, 2, 3].map((number) => ({ login: `org-${number}`, id: 5_000 + number }))
const AT_ONCE = 16
const EACH = 150
const ROUNDS = 3
const ANALYSES = 48
const IDLE_MS = 5_000
/** As an operator has them, but for what would slow a benchmark down on purpose. */
const ENV = { LEASE_MS: '60000', HEARTBEAT_MS: '15000', SWEEP_MS: '30000', ADMIT_PER_TENANT: '4', RATE_LIMIT_TENANT_PER_MINUTE: '1000000', RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' }

async function main(): Promise<void> {
  const server = await startKillableServer()
  const fixture = await startCrashFixture(server.connection.db, { ...server, owners: OWNERS, env: ENV })
  try {
    console.log(`Node ${process.versions.node}, local database; ${AT_ONCE} at once from ${OWNERS.length} organisations`)
    console.log(await measureCommands(server, fixture))
    console.log(await measureSubmissions(fixture))
  } finally {
    await fixture.close()
    await server.close()
  }
}

interface Counted {
  readonly api: ReadonlyMap<string, number>
  readonly worker: ReadonlyMap<string, number>
}

async function measureCommands(server: KillableServer, fixture: CrashFixture): Promise<string> {
  const repositories: CrashRepository[] = []
  while (repositories.length < ANALYSES) repositories.push(await fixture.repository(`shop-${repositories.length}`, repositories.length % OWNERS.length))
  const proxies = { api: await startCountingProxy(server.uri), worker: await startCountingProxy(server.uri) }
  const processes = [await fixture.start('api', proxies.api.uri), await fixture.start('worker', proxies.worker.uri)] as const
  const take = (): Counted => ({ api: proxies.api.take(), worker: proxies.worker.take() })
  try {
    take()
    await pause(IDLE_MS)
    const idle = take()
    const began = performance.now()
    await sendAll(processes[0].url, repositories, AT_ONCE)
    await untilDone(server)
    const seconds = (performance.now() - began) / 1_000
    return commandsTable(take(), idle, seconds)
  } finally {
    for (const each of processes) await each.kill('SIGTERM')
    await Promise.all([proxies.api.close(), proxies.worker.close()])
  }
}

async function untilDone({ connection }: KillableServer): Promise<void> {
  while ((await connection.db.collection('analyses').countDocuments({ state: 'done' })) < ANALYSES) await pause(200)
}

function commandsTable(busy: Counted, idle: Counted, seconds: number): string {
  const roles = ['api', 'worker'] as const
  const idlePerSecond = (role: 'api' | 'worker', name: string) => (idle[role].get(name) ?? 0) / (IDLE_MS / 1_000)
  const own = (role: 'api' | 'worker', name: string) => Math.max(0, (busy[role].get(name) ?? 0) - idlePerSecond(role, name) * seconds) / ANALYSES
  const names = [...new Set(roles.flatMap((role) => [...busy[role].keys(), ...idle[role].keys()]))].sort()
  const rows = names.map((name) => ({ name, numbers: [...roles.map((role) => own(role, name)), ...roles.map((role) => idlePerSecond(role, name))] }))
  const total = { name: 'all', numbers: [0, 1, 2, 3].map((column) => rows.reduce((sum, { numbers }) => sum + (numbers[column] ?? 0), 0)) }
  const heads = ['API', 'worker', 'API idle/s', 'worker idle/s']
  return [
    '', `database commands per analysis (${ANALYSES} of a repository each, ${seconds.toFixed(1)} s, every one with its pull request), without those of the idle processes, which are beside them`,
    line('command', heads), ...[...rows, total].map(({ name, numbers }) => line(name, numbers.map((value) => value.toFixed(1)))),
  ].join('\n')
}

async function measureSubmissions(fixture: CrashFixture): Promise<string> {
  const api = await fixture.start('api')
  let bare: Bare | null = null
  try {
    const repositories: CrashRepository[] = []
    while (repositories.length < OWNERS.length) repositories.push(await fixture.repository('mill', repositories.length))
    const keys = await Promise.all(fixture.tenantIds.map((tenantId) => fixture.apiKey(tenantId)))
    let count = 0
    const next = (tokenOf: (index: number) => string): Sending[] => Array.from({ length: EACH }, (_, index) => {
      const at = index % OWNERS.length
      count += 1
      return { submission: changed(repositories[at], count), token: tokenOf(at) }
    })
    const byToken = () => next((at) => repositories[at]?.token ?? '')
    const byKey = () => next((at) => keys[at] ?? '')
    const { answerBytes } = await sendAll(api.url, byToken(), AT_ONCE)
    bare = await startBareRoute(answerBytes)
    await sendAll(bare.url, byToken(), AT_ONCE)
    const sent = { token: [] as Sent[], key: [] as Sent[], bare: [] as Sent[] }
    for (let round = 0; round < ROUNDS; round++) {
      sent.bare.push(await sendAll(bare.url, byToken(), AT_ONCE))
      sent.token.push(await sendAll(api.url, byToken(), AT_ONCE))
      sent.key.push(await sendAll(api.url, byKey(), AT_ONCE))
    }
    return submissionsTable(sent, answerBytes)
  } finally {
    bare?.child.kill()
    await api.kill('SIGTERM')
  }
}

/** Another analysis of the same commit, as far as the API can tell. */
function changed(repository: CrashRepository | undefined, count: number): Sending['submission'] {
  if (repository === undefined) throw new Error('each organisation has a repository')
  return { ...repository.submission, files: [{ path: CI_PATH, text: `${DRIFTED}# ${count}\n` }] }
}

interface Bare {
  readonly child: ChildProcess
  readonly url: string
}

async function startBareRoute(answerBytes: number): Promise<Bare> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/submissions/bare-route.ts', String(answerBytes)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, url: line.toString('utf8').trim() }
}

function submissionsTable(sent: Readonly<Record<'token' | 'key' | 'bare', readonly Sent[]>>, answerBytes: number): string {
  const figures = (runs: readonly Sent[]) => {
    const times = runs.flatMap((run) => run.times)
    return { perSecond: quantile(runs.map(({ perSecond }) => perSecond), 0.5), p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
  }
  const bare = figures(sent.bare)
  const row = (name: string, runs: readonly Sent[]) => {
    const { perSecond, p50, p99 } = figures(runs)
    return line(name, [perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), (perSecond / bare.perSecond).toFixed(3)])
  }
  return [
    '', `submissions, ${ROUNDS} rounds of ${EACH} in turn (median of the rounds; times of all), answers of ${answerBytes} bytes`,
    line('', ['per second', 'p50 ms', 'p99 ms', 'of bare']),
    row("with a workflow's token", sent.token), row('with an API key', sent.key), row('bare Fastify route', sent.bare),
  ].join('\n')
}

const line = (name: string, columns: readonly string[]): string => name.padEnd(26) + columns.map((column) => column.padStart(14)).join('')

await main()
process.exit(0)
