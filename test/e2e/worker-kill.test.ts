import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysisWire } from '../../contract/analyses.ts'
import { openTestDatabase } from '../database/open-test-database.ts'
import type { TestDatabase } from '../database/open-test-database.ts'
import type { RunningService } from '../service/start-service.ts'
import { postAnalysis, waitForEnd } from './call-service.ts'
import { startCrashFixture } from './crash-fixture.ts'
import type { CrashFixture } from './crash-fixture.ts'

const MANY = 50

let database: TestDatabase
let fixture: CrashFixture
const processes: RunningService[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  fixture = await startCrashFixture(database.db, database)
})
afterAll(async () => {
  await Promise.all(processes.map((each) => each.kill('SIGKILL')))
  await fixture.close()
  await database.close()
})

async function start(role: 'api' | 'worker'): Promise<RunningService> {
  const started = await fixture.start(role)
  processes.push(started)
  return started
}

/** Kills while GitHub makes the ninth pull request: the request is done, and nobody is left to note it. */
async function killInTheMiddle(worker: RunningService): Promise<void> {
  let opened = 0
  await new Promise<void>((resolve, reject) => {
    fixture.github.interrupt({
      when: ({ method, path }) => method === 'POST' && path.endsWith('/pulls') && ++opened === 9,
      run: async () => { await worker.kill('SIGKILL').then(() => { resolve() }, reject) },
    })
  })
}

const countOf = (state: string) => database.db.collection('analyses').countDocuments({ state })

test('ends every one of 50 queued analyses, with one pull request each, although a worker is killed in the middle', { timeout: 180_000 }, async () => {
  const [api, doomed] = await Promise.all([start('api'), start('worker')])
  const repositories: Awaited<ReturnType<CrashFixture['repository']>>[] = []
  const killed = killInTheMiddle(doomed)
  while (repositories.length < MANY) repositories.push(await fixture.repository(`shop-${repositories.length}`))
  const accepted = await Promise.all(repositories.map(async ({ token, submission }) => {
    const response = await postAnalysis(api, token, submission)
    expect(response.status).toBe(202)
    return (await response.json()) as AnalysisWire
  }))
  await killed
  expect(await countOf('done')).toBeLessThan(MANY)
  await start('worker')
  const ended = await Promise.all(repositories.map(({ token }, index) => waitForEnd(api, token, accepted[index]?.id ?? '')))
  expect(ended.filter(({ state, outcome }) => state !== 'done' || outcome?.pullRequest.number !== 1)).toEqual([])
  for (const { fullName, commit } of repositories) {
    expect(await fixture.github.listPullRequests(fullName)).toHaveLength(1)
    const head = await fixture.github.readCommit(fullName, (await fixture.github.branchHead(fullName, 'autodevops/fix-main')) ?? '')
    expect(head.parents.map(({ sha }) => sha), fullName).toEqual([commit])
  }
  expect(await database.db.collection('dead-letters').countDocuments()).toBe(0)
  expect(await database.db.collection('analyses').countDocuments({ attempts: { $gt: 1 } })).toBeGreaterThan(0)
})
