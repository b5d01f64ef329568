import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FactRequest } from '../../analysis/fact.ts'
import { createGithubCodeHost } from '../../facts/github-code-host.ts'
import { startBrokenServer } from '../broken-server/start-broken-server.ts'
import { startActionHost, type ActionHost } from './action-host.ts'

let host: ActionHost
beforeAll(async () => { host = await startActionHost() })
afterAll(() => host.github.close())
afterEach(() => { host.github.calm() })

const ref = (name: string, repository = 'acme/checkout'): FactRequest => ({ kind: 'ref', repository, ref: name })
const releases = (repository: string): FactRequest => ({ kind: 'releases', repository })
const anonymous = () => createGithubCodeHost({ apiUrl: host.github.apiUrl, sleep: () => Promise.resolve() })
const withToken = (token = host.github.issueToken({ owner: 'acme', permissions: { contents: 'read', metadata: 'read' } })) =>
  createGithubCodeHost({ apiUrl: host.github.apiUrl, token, sleep: () => Promise.resolve() })

describe('the commit behind a ref', () => {
  test('is a light tag\'s own commit', async () => {
    const heard = await anonymous().ask(ref('v1'), null)
    expect(heard.answer).toEqual({ status: 'known', value: { commit: host.first, type: 'tag' } })
  })

  test('is what an annotated tag points to, not the tag object', async () => {
    const heard = await anonymous().ask(ref('v2'), null)
    expect(heard.answer).toEqual({ status: 'known', value: { commit: host.second, type: 'tag' } })
  })

  test('is a branch\'s head when there is no such tag', async () => {
    const heard = await anonymous().ask(ref('main'), null)
    expect(heard.answer).toEqual({ status: 'known', value: { commit: host.second, type: 'branch' } })
  })

  test('is the tag\'s when a branch has the same name, and says that there is one', async () => {
    await host.github.commit({ repo: 'acme/checkout', branch: 'v1', from: 'main', files: { 'b.txt': 'b' }, message: 'A branch called v1' })
    const heard = await anonymous().ask(ref('v1'), null)
    expect(heard.answer).toEqual({ status: 'known', value: { commit: host.first, type: 'tag', isBranchToo: true } })
    const spelledOut = await anonymous().ask(ref('refs/heads/v1'), null)
    expect(spelledOut.answer).toMatchObject({ status: 'known', value: { type: 'branch' } })
  })

  test('is unknown for a ref that an existing repository does not have', async () => {
    const heard = await anonymous().ask(ref('v99'), null)
    const answer = { status: 'unknown', reason: 'acme/checkout has no tag or branch v99' }
    expect(heard).toMatchObject({ answer, visibility: 'public', stop: false })
  })

  test('is unknown for a repository that is missing or private, in the same words', async () => {
    await host.github.createRepository({ owner: 'acme', name: 'hidden', private: true, files: { 'action.yml': 'name: x\n' } })
    for (const repository of ['acme/hidden', 'acme/none']) {
      const heard = await anonymous().ask(ref('main', repository), null)
      expect(heard).toMatchObject({ answer: { status: 'unknown', reason: 'not found, or private' }, visibility: 'unknown' })
    }
  })

  test('asks nothing for a name that is no repository', async () => {
    const heard = await anonymous().ask(ref('main', '../../user'), null)
    expect(heard.answer).toMatchObject({ status: 'unknown' })
    expect(host.github.requests.count()).toBe(0)
  })
})

test('says whether a repository is public or private, and asks that once per repository', async () => {
  await host.github.createRepository({ owner: 'acme', name: 'inner', private: true, files: { 'action.yml': 'name: x\n' } })
  const codeHost = withToken()
  expect((await codeHost.ask(ref('v1'), null)).visibility).toBe('public')
  expect((await codeHost.ask(ref('v2'), null)).visibility).toBe('public')
  expect((await codeHost.ask(ref('main', 'acme/inner'), null)).visibility).toBe('private')
  expect(host.github.requests.count({ path: '/repos/acme/checkout' })).toBe(1)
})

test('asks again with the etag it was given, and hears that nothing changed', async () => {
  const codeHost = withToken()
  const before = await codeHost.ask(ref('v1'), null)
  if (before.answer === 'unchanged') throw new Error('nothing was known before')
  const again = await codeHost.ask(ref('v1'), { answer: before.answer, etag: before.etag })
  expect(again.answer).toBe('unchanged')
  expect(host.github.requests.count({ conditional: true, status: 304 })).toBe(1)
})

test('notices that a tag moved although it asked with the old etag', async () => {
  await host.github.tag({ repo: 'acme/checkout', name: 'moving', commit: host.first })
  const codeHost = withToken()
  const before = await codeHost.ask(ref('moving'), null)
  await host.github.tag({ repo: 'acme/checkout', name: 'moving', commit: host.second })
  if (before.answer === 'unchanged') throw new Error('nothing was known before')
  const again = await codeHost.ask(ref('moving'), { answer: before.answer, etag: before.etag })
  expect(again.answer).toEqual({ status: 'known', value: { commit: host.second, type: 'tag' } })
})

describe('releases', () => {
  test('are newest first by the day of publication', async () => {
    await host.github.createRepository({ owner: 'acme', name: 'released', files: { 'action.yml': 'name: x\n' } })
    await host.github.release({ repo: 'acme/released', tag: 'v2.0.0', publishedAt: '2026-05-01T10:00:00Z' })
    await host.github.release({ repo: 'acme/released', tag: 'v3.0.0-rc.1', publishedAt: '2026-06-01T10:00:00Z', prerelease: true })
    await host.github.release({ repo: 'acme/released', tag: 'v1.9.9', publishedAt: '2026-05-20T10:00:00Z' })
    const heard = await anonymous().ask(releases('acme/released'), null)
    expect(heard.answer).toEqual({ status: 'known', value: { releases: [
      { tag: 'v3.0.0-rc.1', publishedAt: '2026-06-01T10:00:00.000Z', prerelease: true },
      { tag: 'v1.9.9', publishedAt: '2026-05-20T10:00:00.000Z', prerelease: false },
      { tag: 'v2.0.0', publishedAt: '2026-05-01T10:00:00.000Z', prerelease: false },
    ] } })
  })

  test('are the newest version tags where nothing was ever released', async () => {
    const { commit } = await host.github.createRepository({ owner: 'acme', name: 'tagged', files: { 'action.yml': 'name: x\n' } })
    for (const name of ['v1.2.0', 'v1.10.0', 'v1', 'nightly']) await host.github.tag({ repo: 'acme/tagged', name, commit: commit ?? '' })
    const heard = await anonymous().ask(releases('acme/tagged'), null)
    if (heard.answer === 'unchanged' || heard.answer.status !== 'known' || !('releases' in heard.answer.value)) throw new Error('expected releases')
    expect(heard.answer.value.releases.map(({ tag }) => tag)).toEqual(['v1.10.0', 'v1.2.0', 'v1'])
  })
})

describe('what goes wrong', () => {
  const isRef = (request: { rest: string }) => request.rest.startsWith('git/ref/')

  test('is tried again when it passes', async () => {
    host.github.fault({ when: isRef, respond: { kind: 'status', status: 502 }, times: 2 })
    expect((await anonymous().ask(ref('v1'), null)).answer).toMatchObject({ status: 'known' })
    expect(host.github.requests.count({ path: /git\/ref\/tags/ })).toBe(3)
  })

  test('is named with its status when it stays, and is not remembered', async () => {
    host.github.fault({ when: isRef, respond: { kind: 'status', status: 502 } })
    const heard = await anonymous().ask(ref('v1'), null)
    const answer = { status: 'unknown', reason: `${new URL(host.github.apiUrl).host} answered 502` }
    expect(heard).toMatchObject({ answer, lasting: false, stop: false })
  })

  test.each([
    ['an answer that is not JSON', { kind: 'html', status: 200 }, 'answered with something that is not JSON'],
    ['half an answer', { kind: 'cut-off' }, 'broke off its answer'],
    ['a closed connection', { kind: 'close' }, 'cannot be reached'],
  ] as const)('%s is a reason, not an exception', async (_, respond, reason) => {
    host.github.fault({ when: isRef, respond })
    const heard = await anonymous().ask(ref('v1'), null)
    expect(heard.answer).toMatchObject({ status: 'unknown', reason: expect.stringContaining(reason) as string })
  })

  test('a host that hangs costs the time limit, once', async () => {
    host.github.fault({ when: isRef, respond: { kind: 'hang' } })
    const codeHost = createGithubCodeHost({ apiUrl: host.github.apiUrl, timeoutMs: 50 })
    expect((await codeHost.ask(ref('v1'), null)).answer).toMatchObject({ reason: expect.stringContaining('did not answer in time') as string })
    expect(host.github.requests.count()).toBe(1)
  })

  test('a spent anonymous limit says until when, that a token helps, and that asking on is pointless', async () => {
    host.github.limit({ kind: 'primary', token: 'anonymous', seconds: 600 })
    const heard = await anonymous().ask(ref('v1'), null)
    const reason = expect.stringMatching(/^rate limited until \d\d:\d\d UTC; a token raises the limit$/) as string
    expect(heard).toMatchObject({ stop: true, lasting: false, answer: { reason } })
  })

  test('a secondary limit without a time asks for a minute', async () => {
    host.github.limit({ kind: 'secondary', seconds: null })
    const codeHost = createGithubCodeHost({ apiUrl: host.github.apiUrl, clock: () => new Date('2026-11-24T12:00:00Z') })
    const { answer } = await codeHost.ask(ref('v1'), null)
    expect(answer).toEqual({ status: 'unknown', reason: 'rate limited until 12:01 UTC; a token raises the limit' })
  })

  test('a refused token ends the asking and is not quoted', async () => {
    const token = 'ghp_canaryCanaryCanaryCanaryCanary000000'
    const heard = await withToken(token).ask(ref('v1'), null)
    expect(heard).toMatchObject({ stop: true, answer: { reason: expect.stringContaining('refused the token (401)') as string } })
    const unprintable = await withToken(`${token}\nX`).ask(ref('v1'), null)
    expect(JSON.stringify([heard, unprintable])).not.toContain('canary')
  })
})

test('follows a renamed repository, and takes its token to no other host', async () => {
  const stranger = await startBrokenServer([{ kind: 'json', status: 200, body: { object: { type: 'commit', sha: 'b'.repeat(40) } } }])
  try {
    const moved = (location: string) => {
      const respond = { kind: 'status', status: 301, headers: { location } } as const
      host.github.fault({ when: (request) => request.rest === 'git/ref/tags/v1', respond, times: 1 })
    }
    moved(`${host.github.apiUrl}/repos/acme/checkout/git/ref/tags/v2`)
    expect((await withToken().ask(ref('v1'), null)).answer).toMatchObject({ status: 'known', value: { commit: host.second } })
    moved(`${stranger.url}/elsewhere`)
    await withToken().ask(ref('v1'), null)
    expect(stranger.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/elsewhere', undefined]])
  } finally {
    await stranger.close()
  }
})

test('speaks to an enterprise server under /api/v3', async () => {
  const enterprise = await startActionHost({ host: 'ghes' })
  try {
    const codeHost = createGithubCodeHost({ apiUrl: `${enterprise.github.apiUrl}/` })
    expect(codeHost.name).toBe(enterprise.github.apiUrl)
    expect((await codeHost.ask(ref('v2'), null)).answer).toEqual({ status: 'known', value: { commit: enterprise.second, type: 'tag' } })
  } finally {
    await enterprise.github.close()
  }
})
