import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { apiCaller, listIn, type ApiBody, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

let github: Gateway
let call: ApiCall
let repo: string
let head: string
let count = 0

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', people: ['lena'] })
  call = apiCaller(github, github.issueToken({ owner: 'acme', permissions: { contents: 'write', workflows: 'write' } }))
})
afterAll(() => github.close())
beforeEach(async () => {
  count += 1
  const files = { 'README.md': 'one\n', 'logo.bin': new Uint8Array([0, 255, 1]) }
  const created = await github.createRepository({ owner: 'acme', name: `data-${count}`, files })
  repo = created.fullName
  head = created.commit ?? ''
})

async function commitOnto(parents: string[], extra: object = {}): Promise<ApiBody> {
  const entry = { path: `${Math.random()}.txt`, mode: '100644', type: 'blob', content: 'x\n' }
  const base = await github.readCommit(repo, parents[0] ?? head)
  const tree = await call('POST', `/repos/${repo}/git/trees`, { base_tree: base.tree.sha, tree: [entry] })
  return (await call('POST', `/repos/${repo}/git/commits`, { message: 'x', tree: tree.body.sha, parents, ...extra })).body
}

test('a repository answers under its name in any case, with the ids it was given', async () => {
  const answer = await call('GET', `/repos/${repo.toUpperCase()}`)
  expect(answer.body).toMatchObject({ full_name: repo, default_branch: 'main', private: false, owner: { login: 'acme' } })
  expect(answer.body.id).toBeGreaterThan(700_000_000)
})

test('a recursive tree names every blob by git\'s own digest', async () => {
  const { body } = await call('GET', `/repos/${repo}/git/trees/${head}?recursive=1`)
  const blobs = body.tree.map(({ path, sha }) => [path, sha])
  const digest = (bytes: Uint8Array | string) => createHash('sha1').update(`blob ${Buffer.byteLength(bytes)}\0`).update(bytes).digest('hex')
  expect(Object.fromEntries(blobs)).toEqual({ 'README.md': digest('one\n'), 'logo.bin': digest(new Uint8Array([0, 255, 1])) })
})

test('a recursive tree beyond its limit is cut and says so; one folder is whole', async () => {
  github.limitTree({ repo, entries: 1 })
  const cut = (await call('GET', `/repos/${repo}/git/trees/${head}?recursive=1`)).body
  expect([cut.tree.length, cut.truncated]).toEqual([1, true])
  const whole = (await call('GET', `/repos/${repo}/git/trees/${head}`)).body
  expect([whole.tree.length, whole.truncated]).toEqual([2, false])
})

describe('moving a branch', () => {
  test('forward is allowed, sideways is refused', async () => {
    const ours = await commitOnto([head])
    const theirs = await github.commit({ repo, branch: 'main', files: { 'person.txt': 'mine\n' }, message: 'Mine' })
    const sideways = await call('PATCH', `/repos/${repo}/git/refs/heads/main`, { sha: ours.sha })
    expect([sideways.status, sideways.body.message]).toEqual([422, 'Update is not a fast forward'])
    const forward = await commitOnto([theirs])
    expect((await call('PATCH', `/repos/${repo}/git/refs/heads/main`, { sha: forward.sha })).status).toBe(200)
    expect(await github.branchHead(repo, 'main')).toBe(forward.sha)
  })

  test('that exists cannot be made again', async () => {
    const answer = await call('POST', `/repos/${repo}/git/refs`, { ref: 'refs/heads/main', sha: head })
    expect([answer.status, answer.body.message]).toEqual([422, 'Reference already exists'])
  })

  test('that is protected is refused by every way to it', async () => {
    github.protectBranch({ repo, branch: 'main' })
    github.protectBranch({ repo, branch: 'autodevops/*' })
    const { sha } = await commitOnto([head])
    expect((await call('PATCH', `/repos/${repo}/git/refs/heads/main`, { sha })).status).toBe(422)
    expect((await call('DELETE', `/repos/${repo}/git/refs/heads/main`)).status).toBe(422)
    expect((await call('PUT', `/repos/${repo}/contents/new.txt`, { message: 'x', content: 'eA==' })).status).toBe(409)
    const made = await call('POST', `/repos/${repo}/git/refs`, { ref: 'refs/heads/autodevops/fix-main', sha })
    expect(made.body.message).toContain('Changes must be made through a pull request.')
    expect((await call('POST', `/repos/${repo}/git/refs`, { ref: 'refs/heads/topic', sha })).status).toBe(201)
  })
})

describe('a commit', () => {
  test('of the app without author and committer is signed and committed by GitHub', async () => {
    const commit = await commitOnto([head])
    expect([commit.author.name, commit.committer.name, commit.verification.verified]).toEqual(['autodevops[bot]', 'GitHub', true])
    await call('PATCH', `/repos/${repo}/git/refs/heads/main`, { sha: commit.sha })
    const { body } = await call('GET', `/repos/${repo}/commits/main`)
    expect(body).toMatchObject({ author: { login: 'autodevops[bot]' }, commit: { verification: { verified: true } } })
  })

  test('that names an author is not signed', async () => {
    const commit = await commitOnto([head], { author: { name: 'someone', email: 'someone@example.test' } })
    expect([commit.author.name, commit.verification.verified]).toEqual(['someone', false])
  })

  test('can have two parents, and comparing sees through them', async () => {
    await github.commit({ repo, branch: 'topic', files: { 'topic.txt': 'topic\n' }, message: 'Topic' })
    await github.commit({ repo, branch: 'main', files: { 'main.txt': 'main\n' }, message: 'Main' })
    await github.updateBranch({ repo, head: 'topic', base: 'main' })
    const { body } = await call('GET', `/repos/${repo}/compare/main...topic`)
    expect(body).toMatchObject({ status: 'ahead', behind_by: 0, files: [{ filename: 'topic.txt' }] })
  })

  test('of a person carries the person\'s name', async () => {
    const author = { name: 'lena', email: 'lena@users.noreply.github.com' }
    const sha = await github.commit({ repo, branch: 'main', files: { 'x.txt': 'x' }, message: 'x', author })
    const { body } = await call('GET', `/repos/${repo}/commits/${sha}`)
    expect(body).toMatchObject({ author: { login: 'lena' }, commit: { author: { name: 'lena' } } })
  })
})

test('tags are listed with the commit behind them, annotated or not', async () => {
  await github.tag({ repo, name: 'v1', commit: head })
  await github.tag({ repo, name: 'v2', commit: head, annotated: true })
  const tags = listIn<{ name: string; commit: { sha: string } }>(await call('GET', `/repos/${repo}/tags`))
  expect(tags.map(({ name, commit }) => [name, commit.sha])).toEqual([['v2', head], ['v1', head]])
})

test('an empty repository has no git data, and a default branch may name a branch that is missing', async () => {
  const empty = await github.createRepository({ owner: 'acme', name: `empty-${count}`, files: {}, defaultBranch: 'trunk' })
  expect(empty.commit).toBeNull()
  const answer = await call('GET', `/repos/${empty.fullName}/git/ref/heads/trunk`)
  expect([answer.status, answer.body.message]).toEqual([409, 'Git Repository is empty.'])
  github.setDefaultBranch(repo, 'gone')
  expect((await call('GET', `/repos/${repo}`)).body.default_branch).toBe('gone')
  expect((await call('GET', `/repos/${repo}/git/ref/heads/gone`)).status).toBe(404)
})
