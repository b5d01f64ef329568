import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiCaller, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

let github: Gateway
let call: ApiCall

beforeAll(async () => {
  github = await startGateway({ host: 'ghes' })
  await github.createOwner({ login: 'acme' })
  await github.createRepository({ owner: 'acme', name: 'shop', files: { 'README.md': 'one\n' } })
  await github.commit({ repo: 'acme/shop', branch: 'topic', files: { 'README.md': 'two\n' }, message: 'Two' })
  call = apiCaller(github, github.issueToken({ owner: 'acme', permissions: { contents: 'write', pull_requests: 'write' } }))
})
afterAll(() => github.close())

test('has its API under /api/v3 and says which version it is', async () => {
  expect(github.apiUrl).toBe(`${github.webUrl}/api/v3`)
  const answer = await call('GET', '/repos/acme/shop')
  expect(answer.headers.get('x-github-enterprise-version')).toMatch(/^enterprise-server@\d+\.\d+\.\d+$/)
  expect(answer.headers.get('x-github-enterprise-version')).toContain((await call('GET', '/meta')).body.installed_version)
})

test('does not answer the API outside of that prefix', async () => {
  expect((await fetch(`${github.webUrl}/repos/acme/shop`)).status).toBe(404)
})

test('gives API addresses under the prefix, and page addresses without it', async () => {
  const { body } = await call('POST', '/repos/acme/shop/pulls', { title: 'x', head: 'topic', base: 'main' })
  expect(body.url).toBe(`${github.webUrl}/api/v3/repos/acme/shop/pulls/1`)
  expect(body.html_url).toBe(`${github.webUrl}/acme/shop/pull/1`)
  expect((await fetch(body.html_url)).status).toBe(200)
})

test('the log has the paths that both hosts share', () => {
  expect(github.requests.count({ path: '/repos/acme/shop/pulls', method: 'POST' })).toBe(1)
})

test('github.com says nothing of an enterprise version', async () => {
  const cloud = await startGateway()
  try {
    const answer = await apiCaller(cloud, null)('GET', '/meta')
    expect(answer.status).toBe(200)
    expect(answer.headers.has('x-github-enterprise-version')).toBe(false)
    expect(answer.body).not.toHaveProperty('installed_version')
  } finally {
    await cloud.close()
  }
})
