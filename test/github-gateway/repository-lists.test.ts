import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiCaller, listIn, type ApiCall } from './api-caller.ts'
import { startGateway, type Gateway } from './start-gateway.ts'

interface Listed {
  readonly full_name: string
  readonly private: boolean
  readonly fork: boolean
  readonly archived: boolean
  readonly topics: readonly string[]
  readonly pushed_at: string
}

const READ = { metadata: 'read', contents: 'read' } as const
let github: Gateway
let app: ApiCall
let person: ApiCall

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242 })
  await github.createOwner({ login: 'lena', id: 77, type: 'User' })
  for (const name of ['c', 'a', 'b']) await github.createRepository({ owner: 'acme', name, private: name === 'b', files: { 'README.md': `${name}\n` } })
  await github.createRepository({ owner: 'lena', name: 'own', private: true, files: {} })
  app = apiCaller(github, github.issueToken({ owner: 'acme', permissions: READ }))
  person = apiCaller(github, github.issueToken({ owner: 'lena', permissions: READ, actor: 'lena' }))
})
afterAll(() => github.close())

test('an organisation\'s are listed to everybody, and private ones to whom they are visible', async () => {
  const names = async (call: ApiCall, query = '') => listIn<Listed>(await call('GET', `/orgs/acme/repos${query}`)).map(({ full_name }) => full_name)
  expect(await names(app)).toEqual(['acme/c', 'acme/a', 'acme/b'])
  expect(await names(person, '?sort=full_name')).toEqual(['acme/a', 'acme/c'])
  expect((await app('GET', '/orgs/lena/repos')).status).toBe(404)
})

test('pages name their neighbours as GitHub does', async () => {
  const links = async (query: string) => (await app('GET', `/orgs/acme/repos?per_page=1${query}`)).headers.get('link')?.replaceAll(github.apiUrl, '')
  const page = (number: number) => `</organizations/4242/repos?per_page=1&page=${number}>`
  expect(await links('')).toBe(`${page(2)}; rel="next", ${page(3)}; rel="last"`)
  expect(await links('&page=2')).toBe(`${page(1)}; rel="prev", ${page(3)}; rel="next", ${page(3)}; rel="last", ${page(1)}; rel="first"`)
  expect(await links('&page=3')).toBe(`${page(2)}; rel="prev", ${page(1)}; rel="first"`)
  expect((await app('GET', '/orgs/acme/repos')).headers.get('link')).toBeNull()
})

test('an installation lists what it reaches, and a person what is the person\'s own', async () => {
  const selected = apiCaller(github, github.issueToken({ owner: 'acme', permissions: READ, repositories: ['b'] }))
  expect(JSON.parse((await selected('GET', '/installation/repositories')).text)).toMatchObject({ total_count: 1, repositories: [{ full_name: 'acme/b', private: true }] })
  expect(listIn<Listed>(await person('GET', '/user/repos')).map(({ full_name }) => full_name)).toEqual(['lena/own'])
  expect([(await person('GET', '/installation/repositories')).status, (await app('GET', '/user/repos')).status]).toEqual([403, 403])
  expect([JSON.parse((await app('GET', '/user/77')).text), (await app('GET', '/user/1')).status]).toEqual([{ login: 'lena', id: 77, type: 'User' }, 404])
})

test('a list is the same until something of it changes, for the same token', async () => {
  const first = await app('GET', '/orgs/acme/repos')
  const again = async (call = app) => (await call('GET', '/orgs/acme/repos', undefined, { 'if-none-match': first.headers.get('etag') ?? '' })).status
  expect([await again(), await again(apiCaller(github, github.issueToken({ owner: 'acme', permissions: READ })))]).toEqual([304, 200])
  github.setTopics('acme/a', ['service'])
  expect(await again()).toBe(200)
  expect(listIn<Listed>(await app('GET', '/orgs/acme/repos')).map(({ topics }) => topics)).toEqual([[], ['service'], []])
})
