// What a scheduled scan costs for each repository: requests to the code host, commands to the database and time, for a fleet that is
// new, unchanged, and changed in a tenth; beside a scan that fetches everything each time, in the same run.
import { setTimeout as pause } from 'node:timers/promises'
import { analyse } from '../analysis/analyse.ts'
import { NO_FACTS } from '../analysis/fact.ts'
import { DEFAULT_POLICY } from '../analysis/policy/policy.ts'
import { createGithubClient } from '../pull-request/client.ts'
import { readHead } from '../pull-request/fix-branch.ts'
import { readRepository } from '../pull-request/read-repository.ts'
import { readRepositoryFacts } from '../pull-request/repository-facts.ts'
import { systemClock } from '../control-plane/clock.ts'
import { createTenantCollections } from '../control-plane/database/tenant-collections.ts'
import { createRepositoriesStore } from '../control-plane/repositories/repositories-store.ts'
import type { RepositoryDocument } from '../control-plane/repositories/repository-document.ts'
import { startKillableServer, type KillableServer } from '../test/database/killable-server.ts'
import { startCrashFixture, type CrashFixture, type CrashRepository } from '../test/e2e/crash-fixture.ts'
import type { RunningService } from '../test/service/start-service.ts'
import { startCountingProxy } from './submissions/counting-proxy.ts'

const REPOSITORIES = 60
const OWNER = { login: 'acme', id: 4242 }
const ENV = { LEASE_MS: '60000', HEARTBEAT_MS: '15000', SWEEP_MS: '30000', SCAN_POLL_MS: '200', SCAN_REQUESTS_PER_HOUR: '15000', LOG_LEVEL: 'warn' }

interface Cost {
  readonly name: string
  readonly requests: number
  readonly conditional: number
  /** Null where no database is asked. */
  readonly commands: number | null
  readonly ms: number
}

async function main(): Promise<void> {
  const server = await startKillableServer()
  const fixture = await startCrashFixture(server.connection.db, { ...server, owners: [OWNER], env: ENV })
  try {
    const repositories: CrashRepository[] = []
    while (repositories.length < REPOSITORIES) repositories.push(await fixture.repository(`shop-${repositories.length}`))
    const [tenantId = ''] = fixture.tenantIds
    const own = createRepositoriesStore({ collections: createTenantCollections(server.connection.db), clock: systemClock }).for(tenantId)
    for (const { id, fullName } of repositories) await own.ensure({ repositoryId: id, name: fullName })
    console.log(table([...(await measureScans(server, fixture, repositories)), await measureFetching(fixture, repositories)]))
  } finally {
    await fixture.close()
    await server.close()
  }
}

async function measureScans(server: KillableServer, fixture: CrashFixture, repositories: readonly CrashRepository[]): Promise<readonly Cost[]> {
  const proxy = await startCountingProxy(server.uri)
  const service = await fixture.start('all', proxy.uri)
  const [tenantId = ''] = fixture.tenantIds
  const key = await fixture.apiKey(tenantId, ['admin'])
  const scan = async (name: string): Promise<Cost> => {
    fixture.github.requests.clear()
    proxy.take()
    const began = new Date()
    await request(service, key)
    await untilScanned(server, began)
    const ms = Date.now() - began.getTime()
    const commands = [...proxy.take().values()].reduce((sum, count) => sum + count, 0)
    const { requests } = fixture.github
    return { name, requests: requests.count(), conditional: requests.count({ conditional: true }), commands, ms }
  }
  try {
    const first = await scan('first scan, with its analyses')
    const unchanged = await scan('unchanged')
    for (const each of repositories.filter((_, index) => index % 10 === 0)) await each.push({ 'README.md': 'changed\n' }, '')
    return [first, unchanged, await scan('a tenth changed, with its analyses'), await scan('unchanged again')]
  } finally {
    await service.kill('SIGTERM')
    await proxy.close()
  }
}

async function request({ url }: RunningService, key: string): Promise<void> {
  const answer = await fetch(`${url}/v1/scans/run`, { method: 'POST', headers: { authorization: `Bearer ${key}` } })
  if (!answer.ok) throw new Error(`the scan was not begun: ${answer.status} ${await answer.text()}`)
}

/** Every repository was looked at, and no analysis is under way. */
async function untilScanned({ connection: { db } }: KillableServer, began: Date): Promise<void> {
  const repositories = db.collection<RepositoryDocument>('repositories')
  const isDone = async () => (await repositories.countDocuments({ 'scan.last.at': { $gte: began } })) === REPOSITORIES
    && (await db.collection('analyses').countDocuments({ state: { $in: ['submitted', 'queued', 'running'] } })) === 0
  while (!(await isDone())) await pause(100)
}

/** Reads each repository whole, whatever it was before, and analyses it. Keeps nothing. */
async function measureFetching({ github }: CrashFixture, repositories: readonly CrashRepository[]): Promise<Cost> {
  const token = github.issueToken({ owner: OWNER.login, permissions: { contents: 'read', metadata: 'read' } })
  const client = createGithubClient({ apiUrl: github.apiUrl, userAgent: 'autodevops/bench', pace: false, requestTimeoutMs: 20_000 }, { token, paceId: 'bench' })
  github.requests.clear()
  const began = performance.now()
  for (const { fullName } of repositories) {
    const { name, defaultBranch } = await readRepositoryFacts(client, fullName)
    const commit = (await readHead(client, name, defaultBranch)) ?? ''
    const { files, paths } = await readRepository(client, { repository: name, commit, posted: [] })
    analyse({ files, paths, policy: DEFAULT_POLICY, facts: NO_FACTS, today: '2026-11-30', host: { kind: 'github.com' } })
  }
  return { name: 'fetch everything', requests: github.requests.count(), conditional: 0, commands: null, ms: performance.now() - began }
}

function table(costs: readonly Cost[]): string {
  const each = (value: number | null, digits: number) => (value === null ? '-' : (value / REPOSITORIES).toFixed(digits)).padStart(12)
  return [
    `${REPOSITORIES} repositories, Node ${process.versions.node}, for each repository:`,
    `${''.padEnd(36)}${['requests', 'conditional', 'commands', 'ms'].map((name) => name.padStart(12)).join('')}`,
    ...costs.map(({ name, requests, conditional, commands, ms }) => `${name.padEnd(36)}${each(requests, 2)}${each(conditional, 2)}${each(commands, 1)}${each(ms, 1)}`),
  ].join('\n')
}

await main()
process.exit(0)
