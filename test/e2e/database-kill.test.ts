// The database dies and comes back 20 s later while analyses run. It is a local server of this test's own, whatever server the
// other tests use.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysisWire } from '../../contract/analyses.ts'
import { startKillableServer, type KillableServer } from '../database/killable-server.ts'
import type { RunningService } from '../service/start-service.ts'
import { postAnalysis, waitForEnd } from './call-service.ts'
import { startCrashFixture } from './crash-fixture.ts'
import type { CrashFixture } from './crash-fixture.ts'

const MANY = 20
const DOWN_MS = 20_000

let server: KillableServer
let fixture: CrashFixture
let service: RunningService

beforeAll(async () => {
  server = await startKillableServer()
  fixture = await startCrashFixture(server.connection.db, server)
  service = await fixture.start()
})
afterAll(async () => {
  await service.kill('SIGKILL')
  await fixture.close()
  await server.close()
})

test('answers 503 with Retry-After while the database is gone, and loses nothing that it accepted', { timeout: 180_000 }, async () => {
  const repositories: Awaited<ReturnType<CrashFixture['repository']>>[] = []
  while (repositories.length < MANY + 1) repositories.push(await fixture.repository(`shop-${repositories.length}`))
  const late = repositories.pop()
  if (!late) throw new Error('there is a last one')
  const accepted = await Promise.all(repositories.map(async ({ token, submission }) => {
    const response = await postAnalysis(service, token, submission)
    expect(response.status).toBe(202)
    return (await response.json()) as AnalysisWire
  }))
  const analyses = server.connection.db.collection('analyses')
  await expect.poll(async () => (await analyses.countDocuments({ state: 'done' })) > 0 && (await analyses.countDocuments({ state: 'running' })) > 0, { timeout: 60_000, interval: 20 }).toBe(true)

  await server.kill()
  const backAt = Date.now() + DOWN_MS
  const answers: { status: number; retryAfter: number; body: string }[] = []
  while (Date.now() < backAt) {
    const response = await postAnalysis(service, late.token, late.submission)
    answers.push({ status: response.status, retryAfter: Number(response.headers.get('retry-after')), body: await response.text() })
    await sleep(500)
  }
  expect(answers.length).toBeGreaterThan(3)
  for (const { status, retryAfter, body } of answers) {
    expect([status, JSON.parse(body)], body).toMatchObject([503, { code: 'DATABASE_UNAVAILABLE' }])
    expect(retryAfter).toBeGreaterThan(0)
  }

  await server.restart()
  await expect.poll(async () => (await postAnalysis(service, late.token, late.submission)).status, { timeout: 30_000, interval: 500 }).toBeLessThan(300)
  const ended = await Promise.all(repositories.map(({ token }, index) => waitForEnd(service, token, accepted[index]?.id ?? '')))
  expect(ended.filter(({ state, outcome }) => state !== 'done' || outcome?.pullRequest.number !== 1)).toEqual([])
  for (const { fullName } of repositories) expect(await fixture.github.listPullRequests(fullName)).toHaveLength(1)
})
