import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { createProviderStates, type ProviderStates, type Ticket } from '../../../control-plane/ai/provider-states.ts'
import { startModelServer } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { WITHOUT_PROVIDERS } from './ai-fixture.ts'

const SETTINGS = { threshold: 5, coolDownMs: 30_000, probeMs: 70_000 }

let platform: Platform
beforeEach(async () => { platform = await startPlatform() })
afterEach(() => platform.close())

/** As another process has it. */
const replica = (): ProviderStates => createProviderStates({ collections: platform.database.collections, clock: platform.clock, settings: SETTINGS })

async function enter(states: ProviderStates): Promise<Ticket> {
  const ticket = await states.enter('gemini')
  if (ticket === null) throw new Error('the breaker is open')
  return ticket
}

async function openBreaker(states: ProviderStates): Promise<void> {
  for (let call = 0; call < SETTINGS.threshold; call++) await states.failed('gemini', await enter(states))
}

test('opens for every replica at the threshold, and for no other provider', async () => {
  const [one, two] = [replica(), replica()]
  for (let call = 0; call < 4; call++) await (call % 2 === 0 ? one : two).failed('gemini', await enter(one))
  expect(await two.enter('gemini')).not.toBeNull()
  await two.failed('gemini', await enter(two))
  expect([await one.enter('gemini'), await two.enter('gemini')]).toEqual([null, null])
  expect(await one.enter('openai')).not.toBeNull()
})

test('counts failures in a row only', async () => {
  const states = replica()
  for (let call = 0; call < 20; call++) {
    const ticket = await enter(states)
    await (call % 4 === 3 ? states.succeeded('gemini', ticket) : states.failed('gemini', ticket))
  }
  expect(await states.enter('gemini')).not.toBeNull()
})

test('lets exactly one probe through after a cool-down, whoever asks, and closes when it succeeds', async () => {
  const replicas = Array.from({ length: 8 }, replica)
  await openBreaker(replica())
  platform.advance(SETTINGS.coolDownMs)
  const tickets = await Promise.all(replicas.flatMap((states) => [states.enter('gemini'), states.enter('gemini')]))
  const probes = tickets.filter((ticket) => ticket !== null)
  expect(probes).toHaveLength(1)
  for (const probe of probes) await replicas[3]?.succeeded('gemini', probe)
  expect((await Promise.all(replicas.map((states) => states.enter('gemini')))).every((ticket) => ticket !== null)).toBe(true)
})

test('makes one probe per cool-down while the provider stays away', async () => {
  const states = replica()
  await openBreaker(states)
  let probes = 0
  for (let round = 0; round < 4; round++) {
    platform.advance(SETTINGS.coolDownMs)
    for (let asked = 0; asked < 3; asked++) {
      const ticket = await states.enter('gemini')
      if (ticket !== null) await states.failed('gemini', ticket).then(() => { probes++ })
    }
  }
  expect(probes).toBe(4)
})

test('gives the probe of a process that died to another one, and listens to the late one no more', async () => {
  const states = replica()
  await openBreaker(states)
  platform.advance(SETTINGS.coolDownMs)
  const lost = await enter(states)
  expect(await states.enter('gemini')).toBeNull()
  platform.advance(SETTINGS.probeMs)
  const next = await enter(states)
  await states.succeeded('gemini', lost)
  expect(await states.enter('gemini')).toBeNull()
  await states.succeeded('gemini', next)
  expect(await states.enter('gemini')).not.toBeNull()
})

test('four processes that all ask a failing provider make the threshold of calls and those in flight, then one probe per cool-down', { timeout: 120_000 }, async () => {
  const server = await startModelServer([{ kind: 'refuse', status: 500 }])
  try {
    const { uri, direct } = inject('database')
    const program = fileURLToPath(new URL('breaker-process.ts', import.meta.url))
    const [processes, questions, width] = [4, 24, 3]
    // Longer than the test, whatever else the machine does.
    const coolDownMs = 3_600_000
    const run = (aheadMs: number) => new Promise<string[]>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', program, uri, platform.database.name, String(direct), server.baseUrl.openai, String(questions), String(width), String(aheadMs), String(coolDownMs)])
      let [out, err] = ['', '']
      child.stdout.on('data', (chunk) => { out += String(chunk) })
      child.stderr.on('data', (chunk) => { err += String(chunk) })
      child.once('close', (code) => {
        if (code === 0) resolve(JSON.parse(out) as string[])
        else reject(new Error(err))
      })
    })
    const callsOf = async (aheadMs: number): Promise<number> => {
      const before = server.requests.length
      const codes = (await Promise.all(Array.from({ length: processes }, () => run(aheadMs)))).flat()
      expect(codes).toHaveLength(processes * questions)
      expect(codes.filter((code) => code !== 'MODEL_CIRCUIT_OPEN' && code !== 'MODEL_UNAVAILABLE')).toEqual([])
      return server.requests.length - before
    }
    const { threshold } = WITHOUT_PROVIDERS.breaker
    const first = await callsOf(0)
    expect([first >= threshold, first <= threshold + processes * width]).toEqual([true, true])
    expect(await callsOf(0)).toBe(0)
    // The clocks of all are ahead by one cool-down, then by two.
    expect(await callsOf(coolDownMs + 1_000)).toBe(1)
    expect(await callsOf(2 * coolDownMs + 2_000)).toBe(1)
  } finally {
    await server.close()
  }
})
