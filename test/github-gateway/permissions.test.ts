import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiCaller, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

let github: Gateway
let anonymous: ApiCall
const as = (permissions: Parameters<Gateway['issueToken']>[0]['permissions'], repositories?: string[]) =>
  apiCaller(github, github.issueToken({ owner: 'acme', permissions, ...(repositories ? { repositories } : {}) }))

const BLOB = { mode: '100644', type: 'blob', content: 'version: 2\n' }

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme' })
  await github.createOwner({ login: 'other' })
  await github.createRepository({ owner: 'acme', name: 'open', files: { 'README.md': 'open\n' } })
  await github.createRepository({ owner: 'acme', name: 'closed', private: true, files: { 'README.md': 'closed\n' } })
  await github.createRepository({ owner: 'other', name: 'closed', private: true, files: { 'README.md': 'theirs\n' } })
  anonymous = apiCaller(github, null)
})
afterAll(() => github.close())

test('an unknown token is refused everywhere, on public repositories too', async () => {
  const answer = await apiCaller(github, 'ghp_neverIssued')('GET', '/repos/acme/open')
  expect([answer.status, answer.body.message]).toEqual([401, 'Bad credentials'])
})

test('a revoked token is unknown from then on', async () => {
  const token = github.issueToken({ owner: 'acme', permissions: { contents: 'read' } })
  expect((await apiCaller(github, token)('GET', '/repos/acme/closed')).status).toBe(200)
  github.revokeToken(token)
  expect((await apiCaller(github, token)('GET', '/repos/acme/closed')).status).toBe(401)
})

test('without a token public repositories can be read, private ones do not exist, and nothing can be written', async () => {
  expect((await anonymous('GET', '/repos/acme/open/contents/README.md')).status).toBe(200)
  expect((await anonymous('GET', '/repos/acme/closed')).status).toBe(404)
  expect((await anonymous('POST', '/repos/acme/open/git/blobs', { content: 'x' })).status).toBe(401)
})

test('a private repository out of the token\'s reach does not exist for it', async () => {
  const all = as({ contents: 'write', pull_requests: 'write' })
  expect((await all('GET', '/repos/other/closed')).status).toBe(404)
  expect((await as({ contents: 'read' }, ['open'])('GET', '/repos/acme/closed')).status).toBe(404)
  expect((await all('GET', '/repos/acme/never-made')).status).toBe(404)
})

describe('a missing permission', () => {
  test('for contents is a 403 that names what is accepted', async () => {
    const answer = await as({ metadata: 'read' })('GET', '/repos/acme/closed/contents/README.md')
    expect([answer.status, answer.body.message]).toEqual([403, 'Resource not accessible by integration'])
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('contents=read')
  })

  test('for writing is a 403 although reading is allowed', async () => {
    const reader = as({ contents: 'read', pull_requests: 'read' })
    expect((await reader('POST', '/repos/acme/closed/git/blobs', { content: 'x' })).status).toBe(403)
    expect((await reader('POST', '/repos/acme/closed/pulls', { title: 'x', head: 'a', base: 'main' })).status).toBe(403)
    expect((await reader('GET', '/repos/acme/closed/pulls')).status).toBe(200)
  })

  test.each([
    ['a tree with a workflow', 'POST', '/repos/acme/open/git/trees', { tree: [{ path: '.github/workflows/ci.yml', ...BLOB }] }],
    ['a workflow\'s contents', 'PUT', '/repos/acme/open/contents/.github/workflows/ci.yml', { message: 'x', content: 'b24=' }],
    ['its contents, spelled with escapes', 'PUT', '/repos/acme/open/contents/%2Egithub/workflows%2Fci.yml', { message: 'x', content: 'b24=' }],
  ])('for workflows refuses %s', async (_, method, path, body) => {
    const answer = await as({ contents: 'write' })(method, path, body)
    expect([answer.status, answer.body.message]).toEqual([403, 'Resource not accessible by integration'])
    expect(answer.headers.get('x-accepted-github-permissions')).toContain('workflows=write')
  })

  test('for workflows does not matter for other files', async () => {
    const tree = { tree: [{ path: '.github/dependabot.yml', ...BLOB }] }
    expect((await as({ contents: 'write' })('POST', '/repos/acme/open/git/trees', tree)).status).toBe(201)
  })
})

test('comments need issues or pull_requests, either will do', async () => {
  await github.commit({ repo: 'acme/open', branch: 'topic', files: { 'a.txt': 'a' }, message: 'a' })
  const pull = await github.createPullRequest({ repo: 'acme/open', head: 'topic', base: 'main', title: 'a' })
  const path = `/repos/acme/open/issues/${pull.number}/comments`
  expect((await as({ pull_requests: 'write' })('POST', path, { body: 'hello' })).status).toBe(201)
  expect((await as({ issues: 'write' })('POST', path, { body: 'hello' })).status).toBe(201)
  expect((await as({ contents: 'write' })('POST', path, { body: 'hello' })).status).toBe(403)
})

test('GraphQL is refused', async () => {
  expect((await as({ contents: 'write' })('POST', '/graphql', { query: '{ viewer { login } }' })).status).toBe(403)
})

test('the log carries labels, never a token', async () => {
  const token = github.issueToken({ owner: 'acme', permissions: { metadata: 'read' }, label: 'tenant-a' })
  await apiCaller(github, token)('GET', '/repos/acme/closed')
  expect(github.requests.count({ token: 'tenant-a' })).toBe(1)
  expect(JSON.stringify(github.requests.all())).not.toContain(token)
})
