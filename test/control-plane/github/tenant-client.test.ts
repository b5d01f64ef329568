// What becomes of an organisation's token when the code host refuses it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConnectTenant } from '../../../control-plane/github/tenant-client.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { startGateway, type Gateway } from '../../github-gateway/start-gateway.ts'

let github: Gateway

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242 })
  await github.createRepository({ owner: 'acme', name: 'shop', files: { 'README.md': 'x' } })
})
afterAll(() => github.close())

test('a token is forgotten when it is rejected, whatever becomes of the error, and not for any other refusal', async () => {
  const token = github.issueToken({ owner: 'acme', permissions: { metadata: 'read' } })
  const forgotten: string[] = []
  const credentials = { revealGitHubToken: () => Promise.resolve(new Secret(token)), forgetGitHubToken: (tenantId: string) => void forgotten.push(tenantId) }
  const connect = createConnectTenant({ credentials, github: { apiUrl: github.apiUrl, userAgent: 'autodevops/test', requestTimeoutMs: 5_000, pace: false } })
  const { client } = await connect('acme')
  const ask = () => client.rest.repos.get({ owner: 'acme', repo: 'shop' }).then(({ status }) => status, (error: { readonly status?: number }) => error.status)
  for (const status of [403, 404, 500]) github.fault({ when: () => true, respond: { kind: 'status', status }, times: 1 })
  github.fault({ when: () => true, respond: { kind: 'html', status: 401 }, times: 1 })
  expect([await ask(), await ask(), await ask(), await ask(), await ask()]).toEqual([403, 404, 500, 401, 200])
  expect(forgotten).toEqual([])
  github.revokeToken(token)
  expect(await ask()).toBe(401)
  expect(forgotten).toEqual(['acme'])
})
