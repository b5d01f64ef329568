// GitHub tokens over HTTP, and those of the App's installations.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { generateKeyPairSync } from 'node:crypto'
import { createGithubApp } from '../../../control-plane/credentials/github-app.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { codeOf, startAccess, type AccessFixture } from '../auth/access-fixture.ts'

const OWNER = { id: 4242, login: 'acme' }
const READ = { contents: 'read', metadata: 'read' } as const
const HOUR_MS = 3_600_000

let access: AccessFixture
let key: string
const call = (method: string, body?: unknown) => access.ask('/v1/github-tokens', {
  method, headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})
const reveal = async () => (await access.platform.credentials.revealGitHubToken(access.acme.id)).reveal()
const entries = async (action: string) => access.platform.audit.for(access.acme.id).list({ limit: 100 }, { action })
const asked = () => access.github.requests.count({ path: /access_tokens$/ })

beforeAll(async () => {
  access = await startAccess()
  key = (await access.keyOf(access.acme, ['admin'])).key
  await access.github.createOwner(OWNER)
  await access.github.createRepository({ owner: 'acme', name: 'secret-shop', private: true, files: { 'a.txt': 'a' } })
})
beforeEach(() => {
  access.github.requests.clear()
  access.platform.credentials.forgetGitHubToken(access.acme.id)
})
afterAll(() => access.close())

/** Whether GitHub takes the token now. */
const works = async (token: string) => (await fetch(`${access.github.apiUrl}/repos/acme/secret-shop`, { headers: { authorization: `Bearer ${token}` } })).status === 200

describe('a stored GitHub token', () => {
  test('goes in, is described, is used, and never comes out', async () => {
    const token = access.github.issueToken({ owner: 'acme', permissions: READ, actor: 'mona' })
    expect((await call('PUT', { token })).status).toBe(204)
    const described = await (await call('GET')).text()
    expect(JSON.parse(described)).toMatchObject({ githubTokens: [{ kind: 'fine-grained-token', storedBy: expect.stringMatching(/^api-key:/) as string }], appInstalled: false })
    expect(await reveal()).toBe(token)
    for (const place of [described, JSON.stringify(await entries('github-token.stored')), access.logged.join('')]) expect(place).not.toContain(token)
  })

  test('is revoked at GitHub when it is removed, and the log says so', async () => {
    const token = access.github.issueToken({ owner: 'acme', permissions: READ, actor: 'mona' })
    await call('PUT', { token })
    expect(await works(token)).toBe(true)
    expect(await (await call('DELETE')).json()).toEqual({ revokedAtGitHub: true })
    expect([await works(token), access.github.apps.wasReported(token)]).toEqual([false, true])
    expect((await entries('github-token.removed')).at(-1)).toMatchObject({ before: { kind: 'fine-grained-token' }, after: null, details: { revokedAtGitHub: true } })
    expect(await codeOf(await call('DELETE'))).toEqual([409, 'GITHUB_TOKEN_MISSING'])
    await expect(reveal()).rejects.toMatchObject({ code: 'GITHUB_TOKEN_MISSING', detail: expect.stringContaining('install the GitHub App') as string })
  })

  test("that is an installation's revokes itself", async () => {
    const token = access.github.issueToken({ owner: 'acme', permissions: READ })
    await call('PUT', { token })
    expect(await (await call('DELETE')).json()).toEqual({ revokedAtGitHub: true })
    expect([await works(token), access.github.apps.wasReported(token)]).toEqual([false, false])
  })

  test('is removed here even when GitHub does not answer, and the caller is told', async () => {
    const end = access.github.fault({ when: ({ path }) => path === '/credentials/revoke', respond: { kind: 'status', status: 500 } })
    await call('PUT', { token: access.github.issueToken({ owner: 'acme', permissions: READ, actor: 'mona' }) })
    expect(await (await call('DELETE')).json()).toEqual({ revokedAtGitHub: false })
    end()
    expect(await (await call('GET')).json()).toMatchObject({ githubTokens: [] })
  })

  test.each([{}, { token: '' }, { token: 'two words' }, { token: 'x'.repeat(5_000) }, { token: { $gt: '' } }, { token: 'a', more: 1 }])('is refused in a wrong form (case %#), without being repeated', async (body) => {
    const response = await call('PUT', body)
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('two words')
  })
})

describe("an installation of the App", () => {
  let installation: number
  beforeEach(() => {
    installation = access.github.apps.install(OWNER, READ)
  })
  afterEach(() => access.github.apps.uninstall(installation))

  test('gives a token where none is stored, asked for once until shortly before its end, and kept nowhere', async () => {
    const token = await reveal()
    expect([await works(token), await (await call('GET')).json()]).toMatchObject([true, { appInstalled: true }])
    await Promise.all([reveal(), reveal(), reveal()])
    expect(asked()).toBe(1)
    access.advance(0.9 * HOUR_MS)
    expect(await reveal()).not.toBe(token)
    expect(asked()).toBe(2)
    access.advance(-0.9 * HOUR_MS)
    const { db } = access.database
    const stored = JSON.stringify(await Promise.all((await db.listCollections().toArray()).map(({ name }) => db.collection(name).find().toArray())))
    expect([stored.includes(token), access.logged.join('').includes(token)]).toEqual([false, false])
  })

  test('is asked again when the clock was set back, since nobody knows how old the token is', async () => {
    await reveal()
    access.advance(-HOUR_MS / 60)
    await reveal()
    access.advance(HOUR_MS / 60)
    expect(asked()).toBe(2)
  })

  test('is asked once by many at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, reveal))
    expect(asked()).toBe(1)
  })

  test('comes after the stored token', async () => {
    const token = access.github.issueToken({ owner: 'acme', permissions: READ })
    await call('PUT', { token })
    expect([await reveal(), asked()]).toEqual([token, 0])
    await call('DELETE')
  })

  test('that was removed or suspended gives none, once the old token is forgotten', async () => {
    const token = await reveal()
    access.github.apps.uninstall(installation)
    expect(await works(token)).toBe(false)
    access.platform.credentials.forgetGitHubToken(access.acme.id)
    await expect(reveal()).rejects.toMatchObject({ code: 'GITHUB_TOKEN_MISSING' })
    installation = access.github.apps.install(OWNER, READ)
    access.github.apps.suspend(installation)
    await expect(reveal()).rejects.toMatchObject({ code: 'GITHUB_TOKEN_MISSING' })
  })

  test('of somebody who took over the name is not ours', async () => {
    access.github.apps.uninstall(installation)
    installation = access.github.apps.install({ id: 9, login: 'acme' }, READ)
    await expect(reveal()).rejects.toMatchObject({ code: 'GITHUB_TOKEN_MISSING' })
  })

  test('cannot be used by an App with a wrong key, nor with a clock that is wrong by an hour', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const wrongKey = new Secret(stranger.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
    const late = () => new Date(access.clock().getTime() - HOUR_MS)
    for (const [privateKey, clock] of [[wrongKey, access.clock], [access.appKey, late]] as const) {
      const app = createGithubApp({ app: { id: '77', privateKey }, client: access.platform.github, clock })
      await expect(app.tokenFor(access.acme)).rejects.toMatchObject({ code: 'GITHUB_APP_REJECTED' })
    }
    expect(await works(await reveal())).toBe(true)
  })

  test('fails as GitHub does when GitHub is away', async () => {
    const end = access.github.fault({ when: ({ path }) => path.endsWith('/access_tokens'), respond: { kind: 'status', status: 503 } })
    await expect(reveal()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    end()
    expect(await works(await reveal())).toBe(true)
  })
})
