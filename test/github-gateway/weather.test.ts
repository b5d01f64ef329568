import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { apiCaller, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

let github: Gateway
let call: ApiCall
let token: string
const PATH = '/repos/acme/shop'

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme' })
  await github.createRepository({ owner: 'acme', name: 'shop', files: { 'README.md': 'one\n' } })
  token = github.issueToken({ owner: 'acme', permissions: { contents: 'write' }, label: 'app' })
  call = apiCaller(github, token)
})
afterAll(() => github.close())
afterEach(() => { github.calm() })

describe('conditional requests', () => {
  test('with the current etag get 304 and no body, and are logged as conditional', async () => {
    const first = await call('GET', `${PATH}/branches`)
    const again = await call('GET', `${PATH}/branches`, undefined, { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([again.status, again.text]).toEqual([304, ''])
    expect(github.requests.count({ conditional: true, status: 304 })).toBe(1)
  })

  test('get the new answer when something changed', async () => {
    const first = await call('GET', `${PATH}/branches`)
    await github.commit({ repo: 'acme/shop', branch: 'main', files: { 'README.md': 'two\n' }, message: 'Two' })
    const again = await call('GET', `${PATH}/branches`, undefined, { 'if-none-match': first.headers.get('etag') ?? '' })
    expect(again.status).toBe(200)
    expect(again.headers.get('etag')).not.toBe(first.headers.get('etag'))
  })

  test('that change nothing are free with a token, and cost one without', async () => {
    for (const [caller, cost] of [[call, 0], [apiCaller(github, null), 1]] as const) {
      const first = await caller('GET', PATH)
      const again = await caller('GET', PATH, undefined, { 'if-none-match': first.headers.get('etag') ?? '' })
      expect(again.status).toBe(304)
      expect(Number(first.headers.get('x-ratelimit-remaining')) - Number(again.headers.get('x-ratelimit-remaining'))).toBe(cost)
    }
  })
})

describe('limits', () => {
  test('without a token end after 60 requests, with their reset in the headers', async () => {
    const anonymous = apiCaller(github, null)
    for (let request = 0; request < 60; request += 1) expect((await anonymous('GET', PATH)).status).toBe(200)
    const refused = await anonymous('GET', PATH)
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
    expect((await call('GET', PATH)).status).toBe(200)
  })

  test('on demand hold for one token and so many requests', async () => {
    github.limit({ kind: 'secondary', token: 'app', status: 429, seconds: 7, times: 1 })
    expect((await apiCaller(github, null)('GET', PATH)).status).toBe(200)
    const refused = await call('GET', PATH)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await call('GET', PATH)).status).toBe(200)
  })
})

describe('faults', () => {
  const once = (respond: Parameters<Gateway['fault']>[0]['respond']) => github.fault({ when: (request) => request.rest === '', respond, times: 1 })

  test.each([
    ['a status', { kind: 'status', status: 503, headers: { 'retry-after': '3' } }, 503, 'application/json'],
    ['a web page', { kind: 'html', status: 502 }, 502, 'text/html'],
  ] as const)('answer with %s, once', async (_, respond, status, type) => {
    once(respond)
    const answer = await call('GET', PATH)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain(type)
    expect((await call('GET', PATH)).status).toBe(200)
    expect(github.requests.all().map(({ faulted }) => faulted)).toEqual([true, false])
  })

  test('close the connection', async () => {
    once({ kind: 'close' })
    await expect(call('GET', PATH)).rejects.toThrow('fetch failed')
  })

  test('hang until the caller gives up', async () => {
    once({ kind: 'hang' })
    await expect(fetch(github.apiUrl + PATH, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  })

  test('cut an answer in half after the work was done', async () => {
    const blob = { content: 'cut off', encoding: 'utf-8' }
    github.fault({ when: (request) => request.rest === 'git/refs', respond: { kind: 'cut-off' }, times: 1 })
    expect((await call('POST', `${PATH}/git/blobs`, blob)).status).toBe(201)
    const sha = await github.branchHead('acme/shop', 'main')
    await expect(call('POST', `${PATH}/git/refs`, { ref: 'refs/heads/made', sha })).rejects.toThrow('terminated')
    expect(await github.branchHead('acme/shop', 'made')).toBe(sha)
  })

  test('end when they are removed', async () => {
    const end = github.fault({ when: () => true, respond: { kind: 'html' } })
    end()
    expect((await call('GET', PATH)).status).toBe(200)
  })
})

test('an interruption happens between two requests, once', async () => {
  const doomed = github.issueToken({ owner: 'acme', permissions: { contents: 'read' } })
  github.interrupt({ when: (request) => request.rest === 'branches', run: () => { github.revokeToken(doomed) } })
  expect((await apiCaller(github, doomed)('GET', PATH)).status).toBe(200)
  await call('GET', `${PATH}/branches`)
  expect((await apiCaller(github, doomed)('GET', PATH)).status).toBe(401)
})

test('the log counts and filters by method, path, status and token', async () => {
  await call('GET', PATH)
  await call('POST', `${PATH}/git/blobs`, { content: 'x' })
  await call('GET', '/repos/acme/none')
  expect(github.requests.count()).toBe(3)
  expect(github.requests.count({ path: PATH })).toBe(1)
  expect(github.requests.count({ path: /^\/repos\/acme\//, method: 'GET', token: 'app' })).toBe(2)
  expect(github.requests.count({ status: 404 })).toBe(1)
  expect(github.requests.writes().map(({ path }) => path)).toEqual([`${PATH}/git/blobs`])
})
