import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { factKey, type FactRequest } from '../../analysis/fact.ts'
import type { FactCache, FactScope } from '../../facts/fact-cache.ts'
import { createFactsSource } from '../../facts/facts-source.ts'
import { createFileFactCache } from '../../facts/file-fact-cache.ts'
import { createGithubCodeHost } from '../../facts/github-code-host.ts'
import { startActionHost, type ActionHost } from './action-host.ts'

let host: ActionHost
let folder: string
let now: Date
beforeAll(async () => {
  host = await startActionHost()
  await host.github.createRepository({ owner: 'acme', name: 'inner', private: true, files: { 'action.yml': 'name: x\n' } })
})
afterAll(() => host.github.close())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facts-'))
  now = new Date('2026-11-24T12:00:00Z')
})
afterEach(async () => {
  host.github.calm()
  await rm(folder, { recursive: true })
})

const v1: FactRequest = { kind: 'ref', repository: 'acme/checkout', ref: 'v1' }
const v2: FactRequest = { kind: 'ref', repository: 'Acme/Checkout', ref: 'v2' }
const inner: FactRequest = { kind: 'ref', repository: 'acme/inner', ref: 'main' }
const later = (minutes: number) => { now = new Date(now.getTime() + minutes * 60_000) }

interface Setting {
  readonly token?: string
  readonly cache?: FactCache
  readonly scope?: Exclude<FactScope, 'public'>
  readonly concurrency?: number
}

function source({ token, cache = createFileFactCache({ folder }), scope = 'tenant:one', concurrency }: Setting = {}) {
  const codeHost = createGithubCodeHost({ apiUrl: host.github.apiUrl, sleep: () => Promise.resolve(), ...(token ? { token } : {}) })
  return createFactsSource({ codeHost, cache, scope, clock: () => now, ...(concurrency ? { concurrency } : {}) })
}

test('answers by fact key, whatever the case of the repository\'s name, and asks for a fact once', async () => {
  const facts = await source().answer([v1, v2, { ...v1, repository: 'ACME/checkout' }])
  expect([...facts.keys()].sort()).toEqual([factKey(v1), factKey(v2)])
  expect(facts.get('ref:acme/checkout@v2')).toEqual({ status: 'known', value: { commit: host.second, type: 'tag' } })
})

test('does not ask for what it heard within the hour', async () => {
  await source().answer([v1])
  later(59)
  host.github.requests.clear()
  expect((await source().answer([v1])).get(factKey(v1))).toMatchObject({ status: 'known' })
  expect(host.github.requests.count()).toBe(0)
})

test('asks again after an hour, at no cost while nothing changed', async () => {
  await source().answer([v1])
  later(61)
  host.github.requests.clear()
  expect((await source().answer([v1])).get(factKey(v1))).toEqual({ status: 'known', value: { commit: host.first, type: 'tag' } })
  expect(host.github.requests.all().map(({ status }) => status)).toEqual([304])
  later(59)
  await source().answer([v1])
  expect(host.github.requests.count()).toBe(1)
})

test('shares what came from a public repository, and keeps the rest to the tenant', async () => {
  const cache = createFileFactCache({ folder })
  const token = host.github.issueToken({ owner: 'acme', permissions: { contents: 'read', metadata: 'read' } })
  const missing: FactRequest = { kind: 'ref', repository: 'acme/none', ref: 'v1' }
  await source({ cache, token, scope: 'tenant:one' }).answer([v1, inner, missing])
  const scopesOf = async (request: FactRequest) => {
    const key = `${host.github.apiUrl} ${factKey(request)}`
    const held: FactScope[] = []
    for (const scope of ['public', 'tenant:one', 'tenant:two'] as const) if (await cache.get(key, scope)) held.push(scope)
    return held
  }
  expect(await scopesOf(v1)).toEqual(['public'])
  expect(await scopesOf(inner)).toEqual(['tenant:one'])
  expect(await scopesOf(missing)).toEqual(['tenant:one'])
})

test('never answers one tenant with what another saw in a private repository', async () => {
  const cache = createFileFactCache({ folder })
  const token = host.github.issueToken({ owner: 'acme', permissions: { contents: 'read', metadata: 'read' } })
  expect((await source({ cache, token, scope: 'tenant:one' }).answer([inner])).get(factKey(inner))).toMatchObject({ status: 'known' })
  const other = await source({ cache, scope: 'tenant:two' }).answer([inner])
  expect(other.get(factKey(inner))).toEqual({ status: 'unknown', reason: 'not found, or private' })
})

test('one item that fails leaves the others their answers', async () => {
  host.github.fault({ when: ({ path: asked }) => asked.endsWith('/tags/v1'), respond: { kind: 'status', status: 500 } })
  const facts = await source().answer([v1, v2])
  expect(facts.get(factKey(v1))).toMatchObject({ status: 'unknown' })
  expect(facts.get(factKey(v2))).toMatchObject({ status: 'known' })
})

test('does not remember a failure that passes', async () => {
  const end = host.github.fault({ when: () => true, respond: { kind: 'status', status: 500 } })
  await source().answer([v1])
  end()
  expect((await source().answer([v1])).get(factKey(v1))).toMatchObject({ status: 'known' })
})

test('stops asking when the limit is reached, gives every other item that reason, and still uses what it remembers', async () => {
  await source().answer([v2])
  host.github.requests.clear()
  host.github.limit({ kind: 'primary', token: 'anonymous', seconds: 600 })
  const many = Array.from({ length: 40 }, (_, index): FactRequest => ({ kind: 'ref', repository: 'acme/checkout', ref: `v${index + 100}` }))
  const facts = await source({ concurrency: 2 }).answer([...many, v2])
  expect(host.github.requests.count()).toBe(2)
  expect(new Set(many.map((request) => JSON.stringify(facts.get(factKey(request)))))).toHaveLength(1)
  expect(facts.get(factKey(many[39] ?? v1))).toMatchObject({ status: 'unknown', reason: expect.stringContaining('rate limited until') as string })
  expect(facts.get(factKey(v2))).toMatchObject({ status: 'known' })
})

test('gives up on a host that is out of reach after a few questions', async () => {
  let tries = 0
  const unreachable: typeof fetch = () => {
    tries += 1
    return Promise.reject(new TypeError('fetch failed'))
  }
  const apiUrl = 'https://github.example.test/api/v3'
  const codeHost = createGithubCodeHost({ apiUrl, fetch: unreachable, sleep: () => Promise.resolve() })
  const many = Array.from({ length: 30 }, (_, index): FactRequest => ({ kind: 'releases', repository: `acme/action-${index}` }))
  const facts = await createFactsSource({ codeHost, cache: createFileFactCache({ folder }), scope: 'tenant:one', clock: () => now, concurrency: 1 }).answer(many)
  expect(new Set([...facts.values()].map((fact) => (fact.status === 'unknown' ? fact.reason : '')))).toEqual(new Set(['github.example.test cannot be reached']))
  expect([facts.size, tries]).toEqual([30, 9])
})

test('believes a tenant\'s newer "not found" over what everyone knew before', async () => {
  const cache = createFileFactCache({ folder })
  await source({ cache }).answer([v1])
  later(61)
  const entry = { answer: { status: 'unknown', reason: 'not found, or private' }, etag: null, confirmedAtMs: now.getTime() } as const
  await cache.set(`${host.github.apiUrl} ${factKey(v1)}`, 'tenant:one', entry)
  expect((await source({ cache }).answer([v1])).get(factKey(v1))).toEqual(entry.answer)
  expect((await source({ cache, scope: 'tenant:two' }).answer([v1])).get(factKey(v1))).toMatchObject({ status: 'known' })
})

test('asks no more than a few things at once', async () => {
  let [open, most] = [0, 0]
  let openGate: () => void = () => undefined
  const gate = new Promise<void>((resolve) => { openGate = resolve })
  const codeHost = {
    name: 'counting',
    async ask() {
      open += 1
      most = Math.max(most, open)
      if (open === 4) openGate()
      await gate
      open -= 1
      return { answer: { status: 'unknown', reason: 'counted' }, visibility: 'unknown', etag: null, lasting: false, stop: false } as const
    },
  }
  const requests = Array.from({ length: 50 }, (_, index): FactRequest => ({ kind: 'ref', repository: 'acme/checkout', ref: String(index) }))
  const parts = { codeHost, cache: createFileFactCache({ folder }), scope: 'tenant:one', clock: () => now, concurrency: 4 } as const
  await createFactsSource(parts).answer(requests)
  expect(most).toBe(4)
})

test('reports progress for every item', async () => {
  const seen: string[] = []
  await source({ concurrency: 1 }).answer([v1, v2], { onProgress: ({ done, total }) => { seen.push(`${done}/${total}`) } })
  expect(seen).toEqual(['1/2', '2/2'])
})

test('ends with the signal', async () => {
  host.github.fault({ when: () => true, respond: { kind: 'hang' } })
  const controller = new AbortController()
  const asked = source().answer([v1], { signal: controller.signal })
  controller.abort(new Error('the run was cancelled'))
  await expect(asked).rejects.toThrow('the run was cancelled')
})

test('works without a cache that can be written', async () => {
  await writeFile(path.join(folder, 'a-file'), 'not a folder')
  const cache = createFileFactCache({ folder: path.join(folder, 'a-file', 'below-it') })
  expect((await source({ cache }).answer([v1])).get(factKey(v1))).toMatchObject({ status: 'known' })
})

test('writes no token to the cache', async () => {
  const token = host.github.issueToken({ owner: 'acme', permissions: { contents: 'read', metadata: 'read' } })
  await source({ token }).answer([v1, inner])
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')))
  expect(texts).toHaveLength(2)
  expect(texts.join('\n')).not.toContain(token)
})
