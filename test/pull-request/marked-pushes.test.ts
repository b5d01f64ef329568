// The fix pull request of a caller that remembers nothing between its runs: cut at any call, and against people.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseFixMarker } from '../../pull-request/fix-marker.ts'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { BRANCH, calls, makeFixFixture, PATH } from './fix-pull-request-fixture.ts'
import type { FixFixture } from './fix-pull-request-fixture.ts'

const LENA = { name: 'Lena', email: 'lena@users.noreply.github.com' }
let github: Gateway

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242, people: ['lena'] })
})
afterEach(() => github.calm())
afterAll(() => github.close())

const push = (repo: string, branch: string, files: Record<string, string>, message = 'a person') => github.commit({ repo, branch, files, message, author: LENA })
const sync = (shop: FixFixture, text: string | null, commit = shop.commit) => shop.sync(commit, text === null ? {} : { [PATH]: text }, { pushes: 'marked' })

/** A run that dies before the last call of its update: the branch has moved, and the marker names the commit as the next. */
async function cutUpdate(shop: FixFixture, text: string): Promise<string> {
  let updates = 0
  github.fault({ when: (request) => calls('PATCH', '/pulls/')(request) && ++updates === 2, respond: { kind: 'close' }, times: 1 })
  await expect(sync(shop, text)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  const head = await shop.head()
  const [pull] = await shop.pulls()
  expect(parseFixMarker(pull?.body)).toMatchObject({ next: head })
  return head
}

test.each([
  ['the tree', 'POST', '/git/trees'], ['the commit', 'POST', '/git/commits'], ['the branch', 'POST', '/git/refs'], ['the pull request', 'POST', '/pulls'],
])('opens exactly one pull request when it was cut at %s, whether or not the call was done', async (_what, method, part) => {
  for (const respond of [{ kind: 'close' }, { kind: 'cut-off' }] as const) {
    const shop = await makeFixFixture(github)
    github.fault({ when: calls(method, part), respond, times: 1 })
    await expect(sync(shop, 'new\n')).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    expect(['opened', 'unchanged']).toContain((await sync(shop, 'new\n')).state)
    expect(await shop.pulls()).toMatchObject([{ number: 1, state: 'open' }])
    expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('new\n')
  }
})

test('knows its branch again although the base has moved elsewhere since it was cut', async () => {
  const shop = await makeFixFixture(github)
  github.fault({ when: calls('POST', '/pulls'), respond: { kind: 'close' }, times: 1 })
  await expect(sync(shop, 'new\n')).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
  const base = await push(shop.repo, 'main', { 'README.md': 'b\n' })
  expect(await sync(shop, 'new\n', base)).toMatchObject({ state: 'opened', number: 1 })
  expect(await github.readFile(shop.repo, BRANCH, 'README.md')).toBe('b\n')
})

test('finishes an update that was cut between the push and the marker without a second commit', async () => {
  const shop = await makeFixFixture(github)
  await sync(shop, 'new\n')
  const head = await cutUpdate(shop, 'newer\n')
  expect(await sync(shop, 'newer\n')).toMatchObject({ state: 'updated', number: 1 })
  expect(await shop.head()).toBe(head)
  const [pull] = await shop.pulls()
  expect(parseFixMarker(pull?.body)).toMatchObject({ head, next: null })
  expect(await sync(shop, 'newer\n')).toMatchObject({ state: 'unchanged' })
})

test('goes on from an update that was cut when something else is to be fixed by then', async () => {
  const shop = await makeFixFixture(github)
  await sync(shop, 'new\n')
  await cutUpdate(shop, 'newer\n')
  expect(await sync(shop, 'newest\n')).toMatchObject({ state: 'updated', number: 1 })
  expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('newest\n')
  expect(await sync(shop, null)).toMatchObject({ state: 'closed' })
})

test('is left to a caller with a record of its own, and takes over from it', async () => {
  const shop = await makeFixFixture(github)
  await sync(shop, 'new\n')
  await cutUpdate(shop, 'newer\n')
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'updated' })
  expect(await sync(shop, 'newest\n')).toMatchObject({ state: 'updated' })
})

test("leaves a person's commit on top of a cut update", async () => {
  const shop = await makeFixFixture(github)
  await sync(shop, 'new\n')
  await cutUpdate(shop, 'newer\n')
  const theirs = await push(shop.repo, BRANCH, { 'notes.md': 'mine\n' })
  for (const text of ['newer\n', 'newest\n']) expect(await sync(shop, text)).toMatchObject({ state: 'foreign', number: 1 })
  expect(await shop.head()).toBe(theirs)
  expect(await github.listComments(shop.repo, 1)).toHaveLength(1)
})

test('leaves a branch that a person has set back to an older commit of ours', async () => {
  const shop = await makeFixFixture(github)
  await sync(shop, 'new\n')
  const older = await shop.head()
  await sync(shop, 'newer\n')
  await shop.client.rest.git.updateRef({ owner: 'acme', repo: shop.repo.split('/')[1] ?? '', ref: `heads/${BRANCH}`, sha: older, force: true })
  for (const text of ['new\n', 'newest\n']) expect(await sync(shop, text)).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(older)
})

test.each([
  ['more in it', { [PATH]: 'new\n', 'notes.md': 'mine\n' }, 'Repair'], ['other bytes', { [PATH]: 'new \n' }, 'Repair'], ['another message', { [PATH]: 'new\n' }, 'mine'],
])('leaves a branch without a pull request whose commit has %s', async (_what, files, message) => {
  const shop = await makeFixFixture(github)
  const theirs = await github.commit({ repo: shop.repo, branch: BRANCH, from: 'main', files, message, author: LENA })
  expect(await sync(shop, 'new\n')).toMatchObject({ state: 'foreign', number: null })
  expect(await shop.head()).toBe(theirs)
  expect(await shop.pulls()).toEqual([])
})

test('opens one pull request when two runs try at the same moment', async () => {
  const shop = await makeFixFixture(github)
  const outcomes = await Promise.all([1, 2, 3].map(() => sync(shop, 'new\n')))
  expect(outcomes.map(({ number }) => number)).toEqual([1, 1, 1])
  expect(await shop.pulls()).toHaveLength(1)
})
