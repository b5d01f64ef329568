import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { apiCaller, listIn, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

let github: Gateway
let call: ApiCall
let repo: string
let count = 0

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4_242 })
  call = apiCaller(github, github.issueToken({ owner: 'acme', permissions: { contents: 'write', pull_requests: 'write' } }))
})
afterAll(() => github.close())
beforeEach(async () => {
  count += 1
  repo = (await github.createRepository({ owner: 'acme', name: `shop-${count}`, files: { 'README.md': 'one\n', 'kept.txt': 'kept\n' } })).fullName
  await github.commit({ repo, branch: 'topic', files: { 'README.md': 'two\n' }, message: 'Two' })
})

const open = (head = 'topic', base = 'main') => call('POST', `/repos/${repo}/pulls`, { title: 'A change', head, base })

describe('opening a pull request', () => {
  test('answers with the test\'s ids and addresses of the gateway', async () => {
    const { status, body } = await open()
    expect(status).toBe(201)
    expect(body.html_url).toBe(`${github.webUrl}/${repo}/pull/1`)
    expect(body.url).toBe(`${github.apiUrl}/repos/${repo}/pulls/1`)
    expect(body.base.repo.owner.id).toBe(4_242)
    expect([body.user.login, body.user.type, body.changed_files, body.commits]).toEqual(['autodevops[bot]', 'Bot', 1, 1])
  })

  test('a second time is refused in GitHub\'s words', async () => {
    await open()
    const again = await open()
    expect(again.status).toBe(422)
    const error = { resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for acme:topic.' }
    expect(again.body).toMatchObject({ message: 'Validation Failed', errors: [error] })
  })

  test('many times at once opens one', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => open()))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 422)])
    expect(await github.listPullRequests(repo)).toHaveLength(1)
  })

  test('from or to a branch that is missing is refused', async () => {
    expect((await open('gone')).body.errors).toEqual([{ resource: 'PullRequest', field: 'head', code: 'invalid' }])
    expect((await open('topic', 'gone')).body.errors).toEqual([{ resource: 'PullRequest', field: 'base', code: 'invalid' }])
  })

  test('with nothing new is refused', async () => {
    await github.commit({ repo, branch: 'main', files: { 'README.md': 'three\n' }, message: 'Three' })
    expect((await open('main', 'topic')).status).toBe(201)
    await github.mergePullRequest(repo, 1)
    expect((await open('main', 'topic')).body.errors[0]?.message).toBe('No commits between topic and main')
  })
})

test('the head follows its branch while the pull request is open, and stays when it is closed', async () => {
  await open()
  const pushed = await github.commit({ repo, branch: 'topic', files: { 'b.txt': 'b\n' }, message: 'More' })
  expect((await call('GET', `/repos/${repo}/pulls/1`)).body.head.sha).toBe(pushed)
  expect(listIn(await call('GET', `/repos/${repo}/pulls?head=acme:topic`))).toMatchObject([{ head: { sha: pushed } }])
  expect((await call('PATCH', `/repos/${repo}/pulls/1`, { state: 'closed' })).body).toMatchObject({ state: 'closed', head: { sha: pushed } })
  await github.commit({ repo, branch: 'topic', files: { 'c.txt': 'c\n' }, message: 'Even more' })
  expect((await call('GET', `/repos/${repo}/pulls/1`)).body.head.sha).toBe(pushed)
})

test('its files and commits are those between its branches', async () => {
  await open()
  await github.commit({ repo, branch: 'topic', files: { 'kept.txt': null, 'new.txt': 'new\n' }, message: 'More' })
  const files = listIn<{ filename: string; status: string }>(await call('GET', `/repos/${repo}/pulls/1/files`))
  expect(files.map(({ filename, status }) => `${status} ${filename}`).sort()).toEqual(['added new.txt', 'modified README.md', 'removed kept.txt'])
  const commits = listIn<{ commit: { message: string } }>(await call('GET', `/repos/${repo}/pulls/1/commits`))
  expect(commits.map(({ commit }) => commit.message)).toEqual(['Two', 'More'])
})

test('a merge takes both branches as they are now', async () => {
  await open()
  await github.commit({ repo, branch: 'topic', files: { 'late.txt': 'late\n' }, message: 'Late' })
  await github.commit({ repo, branch: 'main', files: { 'other.txt': 'other\n' }, message: 'Other' })
  const merged = await call('PUT', `/repos/${repo}/pulls/1/merge`)
  expect(merged.status).toBe(200)
  for (const [path, text] of [['README.md', 'two\n'], ['late.txt', 'late\n'], ['other.txt', 'other\n']] as const) {
    expect(await github.readFile(repo, 'main', path)).toBe(text)
  }
  expect((await github.readCommit(repo, merged.body.sha)).parents).toHaveLength(2)
  expect((await call('GET', `/repos/${repo}/pulls/1`)).body).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: merged.body.sha })
  expect((await call('PUT', `/repos/${repo}/pulls/1/merge`)).status).toBe(405)
})

test('deleting its branch closes it, and it cannot be opened again', async () => {
  await open()
  expect((await call('DELETE', `/repos/${repo}/git/refs/heads/topic`)).status).toBe(204)
  expect((await call('GET', `/repos/${repo}/pulls/1`)).body.state).toBe('closed')
  expect((await call('PATCH', `/repos/${repo}/pulls/1`, { state: 'open' })).status).toBe(422)
})

test('its page and its diff can be read by a person', async () => {
  await open()
  const page = await fetch(`${github.webUrl}/${repo}/pull/1`)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('<h1>A change #1</h1>')
  const diff = await (await fetch(`${github.webUrl}/${repo}/pull/1.diff`)).text()
  expect(diff).toContain('--- a/README.md\n+++ b/README.md')
  expect(diff).toContain('-one')
  expect(diff).toContain('+two')
  expect(await github.readDiff(repo, 1)).toBe(diff)
})
