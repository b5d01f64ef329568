// Two analyses of one repository at the same time, and runs that were cut one after the other: in the end the one pull request
// speaks of its branch's head, in the text of who pushed that.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseFixMarker } from '../../pull-request/fix-marker.ts'
import type { FixOutcome } from '../../pull-request/fix-pull-request.ts'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { BRANCH, calls, makeFixFixture, PATH } from './fix-pull-request-fixture.ts'
import type { FixFixture } from './fix-pull-request-fixture.ts'

let github: Gateway

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242 })
})
afterEach(() => github.calm())
afterAll(() => github.close())

/** A person's push of another workflow, and the analysis of it. */
async function syncNext(shop: FixFixture, name: string): Promise<FixOutcome> {
  const commit = await github.commit({ repo: shop.repo, branch: 'main', message: name, files: { [PATH]: `old ${name}\n` } })
  return shop.sync(commit, { [PATH]: `new ${name}\n` }, { name })
}

/** That one pull request stands, with the fix and the text of this plan. */
async function expectToSpeakOf(shop: FixFixture, name: string): Promise<void> {
  const pulls = await shop.pulls()
  expect(pulls).toMatchObject([{ number: 1, state: 'open', body: expect.stringContaining(`Repairs ${name}`) as string }])
  expect(parseFixMarker(pulls[0]?.body)?.head).toBe(await shop.head())
  expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe(`new ${name}\n`)
  expect(await github.listComments(shop.repo, 1)).toEqual([])
}

const speaksOf = (name: string) => ({ json }: { readonly json: unknown }) => JSON.stringify(json ?? '').includes(`Repairs ${name}`)

test('the later of two that open it at once puts its own text over that of the earlier one', async () => {
  const shop = await makeFixFixture(github)
  let later = Promise.resolve<FixOutcome | null>(null)
  let open = (): void => undefined
  const isOpen = new Promise<void>((resolve) => { open = resolve })
  await new Promise<void>((resolve, reject) => {
    const opens = calls('POST', '/pulls')
    // The earlier one has pushed; the later one pushes on top of that, and both ask for the pull request, the earlier one first.
    github.interrupt({ when: (request) => opens(request) && speaksOf('first')(request), run: () => new Promise((go) => {
      github.interrupt({ when: (request) => opens(request) && speaksOf('second')(request), run: () => { go(); return isOpen } })
      later = syncNext(shop, 'second')
      later.catch(reject)
    }) })
    shop.sync(shop.commit, { [PATH]: 'new first\n' }, { name: 'first' }).then(() => { open(); resolve() }, reject)
  })
  expect(await later).toMatchObject({ state: 'updated', number: 1 })
  expect(shop.pushed).toHaveLength(2)
  await expectToSpeakOf(shop, 'second')
})

test('an update whose text comes late does not leave it over that of a newer push', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  github.interrupt({ when: calls('PATCH', '/pulls/'), run: async () => { expect(await syncNext(shop, 'second')).toMatchObject({ state: 'updated' }) } })
  expect(await shop.sync(shop.commit, { [PATH]: 'new first\n' }, { name: 'first' })).toMatchObject({ state: 'updated', number: 1 })
  await expectToSpeakOf(shop, 'second')
})

test('an update whose text comes late leaves a branch that a person has pushed to meanwhile', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  let theirs = ''
  github.interrupt({ when: calls('PATCH', '/pulls/'), run: async () => { theirs = await github.commit({ repo: shop.repo, branch: BRANCH, message: 'mine', files: { [PATH]: 'mine\n' }, author: { name: 'Lena', email: 'lena@example.com' } }) } })
  await shop.sync(shop.commit, { [PATH]: 'newer\n' })
  const [pull] = await shop.pulls()
  expect(parseFixMarker(pull?.body)?.head).toBe(shop.pushed.at(-1)?.to)
  expect(await shop.sync(shop.commit, { [PATH]: 'newest\n' })).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(theirs)
})

test.each([
  ['merges', (repo: string) => github.mergePullRequest(repo, 1), 'none'], ['closes', (repo: string) => github.closePullRequest(repo, 1), 'declined'],
] as const)('an update that a person %s under way is not told as one', async (_what, act, state) => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  github.interrupt({ when: calls('PATCH', '/pulls/'), run: async () => { await act(shop.repo) } })
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state })
  expect(await shop.pulls()).toMatchObject([{ state: 'closed' }])
})

test('however many in a row are cut between their push and their text, the branch stays ours', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  for (const name of ['one', 'two', 'three']) {
    github.fault({ when: calls('PATCH', '/pulls/'), respond: { kind: 'close' }, times: 1 })
    await expect(syncNext(shop, name)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  }
  expect(await syncNext(shop, 'four')).toMatchObject({ state: 'updated', number: 1 })
  await expectToSpeakOf(shop, 'four')
})

test.each([
  ['the tree', 'POST', '/git/trees'], ['the commit', 'POST', '/git/commits'], ['the branch', 'PATCH', '/git/refs/'], ['the text', 'PATCH', '/pulls/'],
])('an update that was cut at %s, whether or not the call was done, ends well in its next attempt or in the next analysis', async (_what, method, part) => {
  for (const respond of [{ kind: 'close' }, { kind: 'cut-off' }] as const) {
    for (const comes of ['again', 'newer'] as const) {
      const shop = await makeFixFixture(github)
      await shop.sync(shop.commit, { [PATH]: 'new\n' })
      github.fault({ when: calls(method, part), respond, times: 1 })
      const again = () => shop.sync(shop.commit, { [PATH]: 'new again\n' }, { name: 'again' })
      await expect(again()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
      const outcome = comes === 'again' ? await again() : await syncNext(shop, 'newer')
      expect(['updated', 'unchanged']).toContain(outcome.state)
      await expectToSpeakOf(shop, comes)
    }
  }
})

test('an attempt that comes again after the base has moved on tells of what it pushed, and of nothing else', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const late = () => shop.sync(shop.commit, { [PATH]: 'new late\n' }, { name: 'late' })
  github.fault({ when: calls('PATCH', '/pulls/'), respond: { kind: 'close' }, times: 1 })
  await expect(late()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  await github.commit({ repo: shop.repo, branch: 'main', message: 'moved', files: { [PATH]: 'moved\n' } })
  expect(await late()).toMatchObject({ state: 'none', reason: expect.stringContaining('has moved on') as string })
  await expectToSpeakOf(shop, 'late')
  const writes = github.requests.writes().length
  await late()
  expect(github.requests.writes()).toHaveLength(writes)
})
