import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { BRANCH, makeFixFixture, parentsOf, PATH } from './fix-pull-request-fixture.ts'

const LENA = { name: 'Lena', email: 'lena@users.noreply.github.com' }
let github: Gateway

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242, people: ['lena'] })
})
afterEach(() => github.calm())
afterAll(() => github.close())

const push = (repo: string, branch: string, files: Record<string, string>) => github.commit({ repo, branch, files, message: 'a person', author: LENA })

test('opens one pull request and does nothing when it runs again', async () => {
  const shop = await makeFixFixture(github)
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'opened', number: 1 })
  const head = await shop.head()
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'unchanged', number: 1 })
  expect(await shop.head()).toBe(head)
  expect(await shop.pulls()).toHaveLength(1)
  expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('new\n')
})

test('what may not be opened waits with its reason and leaves no branch, and what is open is updated all the same', async () => {
  const shop = await makeFixFixture(github)
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' }, { hindrance: 'no room' })).toEqual({ state: 'waiting', number: null, url: null, reason: 'no room' })
  expect([await shop.head(), await shop.pulls()]).toEqual(['', []])
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' }, { hindrance: 'no room' })).toMatchObject({ state: 'updated', number: 1 })
})

test('updates by one commit on top of its own while the base stays', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const before = await shop.head()
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'updated', number: 1 })
  expect(await parentsOf(github, shop.repo, await shop.head())).toEqual([before])
  expect(await shop.pulls()).toHaveLength(1)
})

test('takes a moved base in by a commit with two parents whose tree is the base plus the fixes', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const before = await shop.head()
  const base = await push(shop.repo, 'main', { [PATH]: 'old\nmore\n', 'README.md': 'b\n' })
  const moves: unknown[] = []
  github.interrupt({ when: ({ method, path, json }) => method === 'PATCH' && path.includes('/git/refs') && moves.push(json) < 0, run: () => Promise.resolve() })
  expect(await shop.sync(base, { [PATH]: 'new\nmore\n' })).toMatchObject({ state: 'updated', number: 1 })
  const head = await shop.head()
  expect(await parentsOf(github, shop.repo, head)).toEqual([before, base])
  expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('new\nmore\n')
  expect(await github.readFile(shop.repo, BRANCH, 'README.md')).toBe('b\n')
  expect(moves).toEqual([{ sha: head, force: false }])
})

test('makes no commit for a base that moved elsewhere', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const before = await shop.head()
  const base = await push(shop.repo, 'main', { 'README.md': 'b\n' })
  expect(await shop.sync(base, { [PATH]: 'new\n' })).toMatchObject({ state: 'unchanged' })
  expect(await shop.head()).toBe(before)
})

test('leaves a branch that a person pushed to, and comments once however often it runs', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const theirs = await push(shop.repo, BRANCH, { [PATH]: 'mine\n' })
  for (const text of ['newer\n', 'newest\n']) expect(await shop.sync(shop.commit, { [PATH]: text })).toMatchObject({ state: 'foreign', number: 1 })
  expect(await shop.sync(shop.commit, {})).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(theirs)
  expect(await github.listComments(shop.repo, 1)).toHaveLength(1)
  expect(await shop.pulls()).toMatchObject([{ state: 'open' }])
})

test('leaves a branch below whose head a person has put a commit', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const theirs = await push(shop.repo, BRANCH, { 'notes.md': 'mine\n' })
  const [pull] = await shop.pulls()
  await shop.client.rest.pulls.update({ owner: 'acme', repo: shop.repo.split('/')[1] ?? '', pull_number: 1, body: (pull?.body ?? '').replace(/head=\w+/, `head=${theirs}`) })
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(theirs)
})

test('leaves a branch that a person has set back to an older commit, although every commit on it is ours', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const older = await shop.head()
  await shop.sync(shop.commit, { [PATH]: 'newer\n' })
  await shop.client.rest.git.updateRef({ owner: 'acme', repo: shop.repo.split('/')[1] ?? '', ref: `heads/${BRANCH}`, sha: older, force: true })
  expect(await shop.sync(shop.commit, { [PATH]: 'newest\n' })).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(older)
})

test('leaves a branch that a person has brought up to date with the base', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  const base = await push(shop.repo, 'main', { 'README.md': 'b\n' })
  await github.updateBranch({ repo: shop.repo, head: BRANCH, base: 'main' })
  const theirs = await shop.head()
  expect(await shop.sync(base, { [PATH]: 'newer\n' })).toMatchObject({ state: 'foreign' })
  expect(await shop.head()).toBe(theirs)
})

test('never overwrites a commit that arrives between its look and its push', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  let theirs = ''
  github.interrupt({ when: ({ method, path }) => method === 'PATCH' && path.includes('/git/refs'), run: async () => { theirs = await push(shop.repo, BRANCH, { [PATH]: 'mine\n' }) } })
  expect(await shop.sync(shop.commit, { [PATH]: 'newer\n' })).toMatchObject({ state: 'foreign' })
  expect(theirs).toHaveLength(40)
  expect(await shop.head()).toBe(theirs)
})

test('closes with a sentence when nothing is left, and opens a new one when something is found later', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  expect(await shop.sync(shop.commit, {})).toMatchObject({ state: 'closed', number: 1 })
  expect(await github.listComments(shop.repo, 1)).toMatchObject([{ body: expect.stringContaining('Nothing is left to fix') as string }])
  expect(await shop.sync(shop.commit, {})).toMatchObject({ state: 'none' })
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'opened', number: 2 })
})

test('does not come back with what a person closed, only with something else', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' }, { name: 'first' })
  await github.closePullRequest(shop.repo, 1)
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' }, { name: 'first' })).toMatchObject({ state: 'declined', number: 1 })
  const base = await push(shop.repo, 'main', { [PATH]: '# moved\nold\n' })
  expect(await shop.sync(base, { [PATH]: '# moved\nnew\n' }, { name: 'first' })).toMatchObject({ state: 'declined' })
  expect(await shop.sync(base, { [PATH]: '# moved\nbetter\n' }, { name: 'second' })).toMatchObject({ state: 'opened', number: 2 })
})

test('opens a new one after a merge', async () => {
  const shop = await makeFixFixture(github)
  await shop.sync(shop.commit, { [PATH]: 'new\n' })
  await github.mergePullRequest(shop.repo, 1)
  const base = await push(shop.repo, 'main', { [PATH]: 'old\n' })
  expect(await shop.sync(base, { [PATH]: 'new\n' })).toMatchObject({ state: 'opened', number: 2 })
  expect(await github.readFile(shop.repo, BRANCH, PATH)).toBe('new\n')
})

test("leaves a branch of that name that is somebody's own, and uses one that has nothing of its own", async () => {
  const shop = await makeFixFixture(github)
  const theirs = await github.commit({ repo: shop.repo, branch: BRANCH, from: 'main', files: { 'a.txt': 'a' }, message: 'mine', author: LENA })
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'foreign', number: null, reason: expect.stringContaining(BRANCH) as string })
  expect(await shop.head()).toBe(theirs)
  const empty = await makeFixFixture(github)
  await empty.client.rest.git.createRef({ owner: 'acme', repo: empty.repo.split('/')[1] ?? '', ref: `refs/heads/${BRANCH}`, sha: empty.commit })
  expect(await empty.sync(empty.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'opened' })
})

test('leaves the pull request to the analysis of the commit that the default branch has moved on to', async () => {
  const shop = await makeFixFixture(github)
  const base = await push(shop.repo, 'main', { [PATH]: 'other\n' })
  expect(await shop.sync(shop.commit, { [PATH]: 'new\n' })).toMatchObject({ state: 'none', reason: expect.stringContaining(base) as string })
  expect(github.requests.writes({ path: /git\/trees/ })).toHaveLength(0)
})

test('keeps the modes of files', async () => {
  const shop = await makeFixFixture(github)
  const [owner, repo] = ['acme', shop.repo.split('/')[1] ?? '']
  const { data: root } = await shop.client.rest.git.getCommit({ owner, repo, commit_sha: shop.commit })
  const { data: tree } = await shop.client.rest.git.createTree({ owner, repo, base_tree: root.tree.sha, tree: [{ path: PATH, mode: '100755', type: 'blob', content: 'old\n' }] })
  const { data: commit } = await shop.client.rest.git.createCommit({ owner, repo, message: 'mode', tree: tree.sha, parents: [shop.commit] })
  await shop.client.rest.git.updateRef({ owner, repo, ref: 'heads/main', sha: commit.sha })
  await shop.sync(commit.sha, { [PATH]: 'new\n' })
  const { data } = await shop.client.rest.git.getTree({ owner, repo, tree_sha: await shop.head(), recursive: '1' })
  expect(data.tree.find(({ path }) => path === PATH)).toMatchObject({ mode: '100755' })
})
