// What is left when the service dies between two calls, and what the code host's refusals become.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CodeHostError } from '../../pull-request/code-host-error.ts'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { BRANCH, calls, makeFixFixture, PATH } from './fix-pull-request-fixture.ts'

let github: Gateway

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242, people: ['lena'] })
})
afterEach(() => github.calm())
afterAll(() => github.close())


test.each([
  ['the tree', 'POST', '/git/trees'], ['the commit', 'POST', '/git/commits'], ['the branch', 'POST', '/git/refs'], ['the pull request', 'POST', '/pulls'],
])('opens exactly one pull request when it was cut at %s, whether or not the call was done', async (_what, method, part) => {
  for (const respond of [{ kind: 'close' }, { kind: 'cut-off' }] as const) {
    const shop = await makeFixFixture(github)
    github.fault({ when: calls(method, part), respond, times: 1 })
    await expect(shop.sync(shop.commit, { [PATH]: 'new\n' })).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    const outcome = await shop.sync(shop.commit, { [PATH]: 'new\n' })
    expect(['opened', 'unchanged']).toContain(outcome.state)
    expect(await shop.pulls()).toMatchObject([{ number: outcome.number, state: 'open' }])
    expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('new\n')
  }
})

test('finishes an update that was cut between the push and the marker without a second commit', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  github.fault({ when: calls('PATCH', '/pulls/'), respond: { kind: 'close' }, times: 1 })
  await expect(shop.sync(shop.commit, { [PATH]: 'newer\n' })).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  const head = await shop.head()
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'updated' })
  expect(await shop.head()).toBe(head)
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'unchanged' })
})

test.each([['the sentence', 'POST', '/comments'], ['the end', 'PATCH', '/pulls/']])('closes with one sentence when it was cut at %s, whether or not the call was done', async (_what, method, part) => {
  for (const respond of [{ kind: 'close' }, { kind: 'cut-off' }] as const) {
    const shop = await makeFixFixture(github)
    await shop.sync(shop.commit, { [PATH]: 'new\n' })
    github.fault({ when: calls(method, part), respond, times: 1 })
    await expect(shop.sync(shop.commit, {})).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    expect(['closed', 'none']).toContain((await shop.sync(shop.commit, {})).state)
    expect(await shop.pulls()).toMatchObject([{ number: 1, state: 'closed' }])
    expect(await github.listComments(shop.repo, 1)).toMatchObject([{ body: expect.stringContaining('Nothing is left to fix') as string }])
    expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'opened', number: 2 })
  }
})

test('opens one pull request when two workers try at the same moment', async () => {
  const shop = await makeFixFixture(github)
  const outcomes = await Promise.all([1, 2, 3].map(() => shop.sync(shop.commit, { [PATH]: 'new\n' })))
  expect(outcomes.map(({ number }) => number)).toEqual([1, 1, 1])
  expect(await shop.pulls()).toHaveLength(1)
})

test('does not push when another worker has taken over', async () => {
  const shop = await makeFixFixture(github)
  const pushes = { record: () => Promise.reject(new Error('the lease is lost')), find: () => Promise.resolve([]) }
  await expect(shop.sync(shop.commit, { [PATH]: 'new\n' }, { pushes })).rejects.toThrow('the lease is lost')
  expect(await github.branchHead(shop.repo, BRANCH)).toBeNull()
})

test.each([
  ['a 500', { kind: 'status', status: 500 }, 'GITHUB_UNAVAILABLE'],
  ['an HTML page with status 200', { kind: 'html', status: 200 }, 'GITHUB_UNAVAILABLE'],
  ['an HTML page with status 403', { kind: 'html', status: 403 }, 'GITHUB_UNAVAILABLE'],
  ['half an answer', { kind: 'cut-off' }, 'GITHUB_UNAVAILABLE'],
  ['no answer in time', { kind: 'hang' }, 'GITHUB_UNAVAILABLE'],
] as const)('names %s as the code host being unavailable', async (_what, respond, code) => {
  const shop = await makeFixFixture(github)
  github.fault({ when: calls('GET', '/git/ref/'), respond, times: 1 })
  await expect(shop.sync(shop.commit, { [PATH]: 'new\n' })).rejects.toMatchObject({ code })
})

test.each([['primary', 403], ['primary', 429], ['secondary', 403], ['secondary', 429]] as const)('names a %s limit (%d) and how long it lasts', async (kind, status) => {
  const shop = await makeFixFixture(github)
  github.interrupt({ when: calls('GET', '/git/ref/'), run: () => void github.limit({ kind, status, seconds: 7, times: 1 }) })
  const error: unknown = await shop.sync(shop.commit, { [PATH]: 'new\n' }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'GITHUB_RATE_LIMITED' })
  expect((error as CodeHostError).retryAfterSeconds).toBeGreaterThanOrEqual(6)
  expect((error as CodeHostError).retryAfterSeconds).toBeLessThanOrEqual(8)
})
