// Analyses with the same questions make one call together, in whatever processes they run and whatever becomes of those.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { CLAIM_LEASE_MS, createQuestionClaimsStore } from '../../../control-plane/ai/question-claims-store.ts'
import { answerHonestly, itemsOf } from '../../model-server/answer-honestly.ts'
import { startModelServer, type ModelServer } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { advise } from './advice-fixture.ts'
import type { AdvisingOutcome } from './advising-process.ts'
import { aiConfig, startAi, type AiFixture } from './ai-fixture.ts'

const TENANT = '1@issuer.test'
const BY = { actor: 'operator', correlationId: null } as const
const ON = { explain: true, fix: true, summarise: true }
const WAIT = { mostMs: 20_000, signal: new AbortController().signal }

let [platform, server, ai] = [] as unknown as [Platform, ModelServer, AiFixture]
const children: ChildProcess[] = []
beforeAll(async () => { server = await startModelServer(answerHonestly) })
afterAll(() => server.close())
beforeEach(async () => {
  platform = await startPlatform()
  ai = startAi(platform, aiConfig(server, { timeoutMs: 30_000 }))
  server.script(answerHonestly)
  server.requests.length = 0
})
afterEach(async () => {
  await Promise.all(children.splice(0).map(async (child) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  }))
  await platform.close()
})

const claims = () => createQuestionClaimsStore({ collections: platform.database.collections, clock: platform.clock }).for(TENANT)
const asked = (): string[] => server.requests.flatMap(itemsOf).map(({ id: _id, ...content }) => JSON.stringify(content)).sort()

async function start(): Promise<ChildProcess> {
  const { uri, direct } = inject('database')
  const program = fileURLToPath(new URL('advising-process.ts', import.meta.url))
  const child = fork(program, [uri, platform.database.name, String(direct), JSON.stringify(server.baseUrl)], { execArgv: ['--import', 'tsx'] })
  children.push(child)
  await once(child, 'message')
  return child
}

async function order(child: ChildProcess, repositories: number): Promise<AdvisingOutcome> {
  const answered = once(child, 'message')
  child.send({ tenantId: TENANT, repositories })
  return ((await answered) as [AdvisingOutcome])[0]
}

test('a hundred repositories with the same findings, spread over four processes that start at once, share every answer', { timeout: 90_000 }, async () => {
  await ai.settings.set(TENANT, ON, BY)
  const workers = await Promise.all(Array.from({ length: 4 }, start))
  const outcomes = await Promise.all(workers.map((worker) => order(worker, 25)))
  expect(outcomes.flatMap(({ reasons }) => reasons)).toEqual(Array.from({ length: 100 }, () => null))
  expect(new Set(outcomes.flatMap(({ explanations }) => explanations)).size).toBe(1)
  const questions = asked()
  expect(questions.length).toBeGreaterThan(3)
  expect(new Set(questions).size).toBe(questions.length)
})

test('a process that is killed while it asks leaves its questions to the next one', { timeout: 60_000 }, async () => {
  await ai.settings.set(TENANT, ON, BY)
  server.script([{ kind: 'hang' }])
  const worker = await start()
  worker.send({ tenantId: TENANT, repositories: 1 })
  while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const exited = once(worker, 'exit')
  worker.kill('SIGKILL')
  await exited
  server.script(answerHonestly)
  let isDone = false
  const advised = advise(ai).finally(() => { isDone = true })
  // It waits for the dead one as long as this waits for a claim that nobody releases.
  await claims().claim(['never released'])
  await claims().ended(['never released'], { ...WAIT, mostMs: 1_000 })
  expect([isDone, server.requests.length]).toEqual([false, 1])
  platform.advance(CLAIM_LEASE_MS)
  expect((await advised).advice).toMatchObject({ state: 'done', cached: 0 })
  const [dead = [], ...others] = server.requests.map((request) => itemsOf(request).map(({ rule, excerpt }) => `${rule ?? ''} ${excerpt ?? ''}`))
  expect(others.flat()).toEqual(expect.arrayContaining(dead))
})

test('a claim holds for one, for its organisation only, until it is released', async () => {
  const first = await claims().claim(['a', 'b'])
  const second = await claims().claim(['b', 'c'])
  expect([[...first.own], [...second.own]]).toEqual([['a', 'b'], ['c']])
  const other = createQuestionClaimsStore({ collections: platform.database.collections, clock: platform.clock }).for('2@issuer.test')
  expect([...(await other.claim(['b'])).own]).toEqual(['b'])
  await first.release()
  await claims().ended(['a', 'b'], WAIT)
  const third = await claims().claim(['a', 'b', 'c'])
  expect([...third.own]).toEqual(['a', 'b'])
  await Promise.all([second.release(), third.release()])
})

test('what ran out is taken over by one only, and its first holder releases nothing of it', async () => {
  const late = await claims().claim(['a'])
  platform.advance(CLAIM_LEASE_MS)
  const takers = await Promise.all(Array.from({ length: 5 }, () => claims().claim(['a'])))
  expect(takers.filter(({ own }) => own.size > 0)).toHaveLength(1)
  await late.release()
  expect([...(await claims().claim(['a'])).own]).toEqual([])
  await Promise.all(takers.map((taker) => taker.release()))
})

test('waiting ends with its analysis, and when it has lasted long enough', async () => {
  const claim = await claims().claim(['a'])
  const stop = new AbortController()
  const waiting = claims().ended(['a'], { mostMs: 20_000, signal: stop.signal })
  stop.abort()
  await expect(waiting).rejects.toThrow('aborted')
  await claims().ended(['a'], { mostMs: 0, signal: WAIT.signal })
  await claim.release()
})
