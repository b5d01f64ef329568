import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ControlPlane } from '../../action/control-plane-request.ts'
import { pullPolicy } from '../../action/pull-policy.ts'
import { internalError, startBrokenServer, type BrokenStep } from '../broken-server/start-broken-server.ts'

const TOKEN = 'token-canary-2'
const policy = (version: number, text: string): BrokenStep => ({ kind: 'json', status: 200, headers: { etag: `"${version}"` }, body: { version, text, by: 'mona', reason: 'r', at: '2026-11-24T12:00:00Z' } })
const unchanged: BrokenStep = { kind: 'json', status: 304, body: null }
let folder = ''
const closing: (() => Promise<void>)[] = []

beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'tool-cache-')) })
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  rmSync(folder, { recursive: true, force: true })
})

async function planeWith(...script: [BrokenStep, ...BrokenStep[]]) {
  const server = await startBrokenServer(script)
  closing.push(() => server.close())
  const plane: ControlPlane = { url: new URL(server.url), token: () => Promise.resolve(TOKEN), fetch, sleep: () => Promise.resolve(), now: () => 0, log: () => undefined }
  const pull = (env: Record<string, string> = { RUNNER_TOOL_CACHE: folder, GITHUB_REPOSITORY_OWNER_ID: '4242' }) => pullPolicy(plane, { env, fs })
  return { server, pull }
}
const keptFile = () => path.join(folder, 'autodevops', readdirSync(path.join(folder, 'autodevops'))[0] ?? '')

it('gets the policy once, and then asks only whether it is still the newest', async () => {
  const { server, pull } = await planeWith(policy(3, 'profile: auditor\n'), unchanged)
  for (let times = 0; times < 2; times++) expect(await pull()).toMatchObject({ policy: { profile: 'auditor', source: null }, problem: null })
  expect(server.requests.map(({ method, path: asked, headers }) => [method, asked, headers['if-none-match'], headers.authorization])).toEqual([
    ['GET', '/v1/policy', undefined, `Bearer ${TOKEN}`], ['GET', '/v1/policy', '"3"', `Bearer ${TOKEN}`],
  ])
})

it('has the topics of its repository with it, and none when they may be those of another one', async () => {
  const withTopics: BrokenStep = { kind: 'json', status: 200, headers: { etag: '"3-x"' }, body: { version: 3, text: 'profile: auditor\n', by: 'mona', reason: 'r', at: '2026-11-24T12:00:00Z', topics: ['service'] } }
  const { pull } = await planeWith(withTopics, unchanged, internalError)
  expect([(await pull()).topics, (await pull()).topics, (await pull()).topics]).toEqual([['service'], ['service'], null])
})

it('takes a newer one, and another organisation\'s for no substitute', async () => {
  const { server, pull } = await planeWith(policy(3, 'profile: auditor\n'), policy(4, 'profile: pedantic\n'), internalError)
  await pull()
  expect((await pull()).policy).toMatchObject({ profile: 'pedantic' })
  expect(await pull({ RUNNER_TOOL_CACHE: folder, GITHUB_REPOSITORY_OWNER_ID: '7' })).toMatchObject({ policy: null, problem: expect.stringContaining('answered 500') as string })
  expect(server.requests[2]?.headers['if-none-match']).toBeUndefined()
})

it('says so when there is none', async () => {
  const { pull } = await planeWith(policy(0, ''))
  expect(await pull()).toEqual({ policy: null, topics: null, problem: null })
})

it.each<{ what: string; step: BrokenStep }>([
  { what: '500', step: internalError },
  { what: 'a web page', step: { kind: 'html', status: 200 } },
  { what: 'JSON that is no policy', step: { kind: 'json', status: 200, body: { version: 'x' } } },
  { what: 'nothing', step: { kind: 'close' } },
  { what: 'half', step: { kind: 'half', status: 200, body: { version: 9, text: 'x'.repeat(1000) } } },
])('keeps what the runner has when the control plane answers $what', async ({ step }) => {
  const { pull } = await planeWith(policy(3, 'profile: auditor\n'), step)
  await pull()
  const { policy: read, problem } = await pull()
  expect(read).toMatchObject({ profile: 'auditor' })
  expect(problem).toMatch(/^the organisation's policy could not be read \(.+\); version 3, which this runner has kept, holds$/)
  expect(problem).not.toContain(TOKEN)
})

it.each(['', '{', '{"etag":1}', '[]'])('a kept file that is %j is none', async (text) => {
  const { server, pull } = await planeWith(policy(3, 'profile: auditor\n'))
  await pull()
  writeFileSync(keptFile(), text)
  expect((await pull()).policy).toMatchObject({ profile: 'auditor' })
  expect(server.requests[1]?.headers['if-none-match']).toBeUndefined()
  expect(JSON.parse(readFileSync(keptFile(), 'utf8'))).toMatchObject({ etag: '"3"' })
})

it('works without a tool cache, and with one that cannot be written', async () => {
  const { pull } = await planeWith(policy(3, 'profile: auditor\n'))
  writeFileSync(path.join(folder, 'file'), '')
  for (const env of [{}, { RUNNER_TOOL_CACHE: path.join(folder, 'file') }]) expect(await pull(env)).toMatchObject({ policy: { profile: 'auditor' }, problem: null })
})
