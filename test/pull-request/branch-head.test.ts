// Conditional questions about a branch, before the gateway.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { readBranchHead } from '../../pull-request/branch-head.ts'
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import { clientWith } from './acme-fixture.ts'

let github: Gateway
let client: GithubClient
const SHOP = { owner: 'acme', name: 'shop' }
const statusOf = (asked: Promise<unknown>) => asked.then(() => null, refusedStatus)

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme' })
  await github.createRepository({ owner: 'acme', name: 'shop', files: { 'README.md': 'one\n' } })
  await github.createRepository({ owner: 'acme', name: 'empty', files: {} })
  github.redirectFrom('acme/store', 'acme/shop')
  client = clientWith(github, { contents: 'read' })
})
afterAll(() => github.close())

test('the first answer has a commit and an etag, with which the next one is "the same" until the branch moves', async () => {
  const first = await readBranchHead(client, SHOP, { branch: 'main', etag: null })
  expect(first).toMatchObject({ commit: await github.branchHead('acme/shop', 'main'), isMoved: false })
  expect(await readBranchHead(client, SHOP, { branch: 'main', etag: first.etag })).toMatchObject({ commit: null, etag: first.etag, isMoved: false })
  const next = await github.commit({ repo: 'acme/shop', branch: 'main', message: 'two', files: { 'README.md': 'two\n' } })
  expect(await readBranchHead(client, SHOP, { branch: 'main', etag: first.etag })).toMatchObject({ commit: next })
})

test('the limit that is left is told with both answers, and null where nothing is limited', async () => {
  const { etag, rate } = await readBranchHead(client, SHOP, { branch: 'main', etag: null })
  expect(rate?.limit).toBe(5_000)
  expect(rate?.resetAt.getTime()).toBeGreaterThan(Date.now())
  const { commit, rate: after } = await readBranchHead(client, SHOP, { branch: 'main', etag })
  expect([commit, after?.remaining]).toEqual([null, rate?.remaining])
  github.fault({ when: () => true, times: 1, respond: { kind: 'status', status: 200, body: { object: { sha: 'a'.repeat(40) } }, headers: { 'x-ratelimit-reset': 'never' } } })
  expect(await readBranchHead(client, SHOP, { branch: 'main', etag: null })).toMatchObject({ etag: null, rate: null })
})

test('a former name answers, and is known as one, with and without a change', async () => {
  const first = await readBranchHead(client, { owner: 'acme', name: 'store' }, { branch: 'main', etag: null })
  expect(first.isMoved).toBe(true)
  expect(await readBranchHead(client, { owner: 'acme', name: 'store' }, { branch: 'main', etag: first.etag })).toMatchObject({ commit: null, isMoved: true })
})

test('what is not there, or empty, is the code host\'s error', async () => {
  expect(await statusOf(readBranchHead(client, SHOP, { branch: 'gone', etag: null }))).toBe(404)
  expect(await statusOf(readBranchHead(client, { owner: 'acme', name: 'gone' }, { branch: 'main', etag: 'W/"x"' }))).toBe(404)
  expect(await statusOf(readBranchHead(client, { owner: 'acme', name: 'empty' }, { branch: 'main', etag: null }))).toBe(409)
})
