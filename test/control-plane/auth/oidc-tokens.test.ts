import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tenant } from '../../../control-plane/tenants/tenants-store.ts'
import { startBrokenServer } from '../../broken-server/start-broken-server.ts'
import { startOidcIssuer, type MintOptions, type OidcIssuer } from '../../oidc-issuer/start-oidc-issuer.ts'
import { AUDIENCE, startPlatform, type Platform } from '../platform-fixture.ts'

const RUN = { repository: 'acme/shop', repositoryId: 77, ownerId: 4242, sha: 'a'.repeat(40) }

let issuer: OidcIssuer
let other: OidcIssuer
let platform: Platform
let tenant: Tenant

const verify = async (how: MintOptions = {}, run: Partial<typeof RUN> & { claims?: Record<string, string | undefined> } = {}) =>
  platform.principalOf(`Bearer ${await issuer.mint({ ...RUN, ...run }, { audience: AUDIENCE, ...how })}`)

beforeAll(async () => {
  issuer = await startOidcIssuer()
  other = await startOidcIssuer({ path: '/_services/token' })
  platform = await startPlatform({ issuers: [issuer.issuer, other.issuer] })
  tenant = await platform.tenants.create({ issuerHost: new URL(issuer.issuer).host, ownerId: '4242', ownerName: 'acme', aiEnabled: false })
})
afterAll(async () => {
  await platform.close()
  await issuer.close()
  await other.close()
})

describe('an OIDC token', () => {
  test('gives the run its identity from the claims', async () => {
    expect(await verify()).toEqual({
      kind: 'oidc', tenantId: tenant.id, repository: { id: '77', fullName: 'acme/shop', ownerId: '4242' },
      ref: 'refs/heads/main', sha: RUN.sha, headRef: null, baseRef: null, eventName: 'push', runId: '12345678901',
    })
  })

  test('is accepted whatever its subject says: ids are the identity', async () => {
    await expect(verify({}, { claims: { sub: 'repo@77:somebody/else' } })).resolves.toMatchObject({ tenantId: tenant.id })
  })

  test.each<[string, string, MintOptions]>([
    ['expired', 'TOKEN_EXPIRED', { expiresInSeconds: -60 }],
    ['for another audience', 'TOKEN_AUDIENCE', { audience: 'https://elsewhere.test' }],
    ['of an issuer that is not accepted', 'TOKEN_ISSUER', { issuer: 'https://evil.test' }],
    ['without a signature', 'TOKEN_UNSIGNED', { signature: 'unsigned' }],
    ['signed by a key that the issuer does not publish', 'TOKEN_KEY_UNKNOWN', { signature: 'foreign' }],
    ['signed by another key under a published id', 'TOKEN_SIGNATURE', { signature: 'forged' }],
  ])('%s is refused as %s', async (_what, code, how) => {
    await expect(verify(how)).rejects.toMatchObject({ code })
  })

  test('that is not valid yet is told apart from one that has expired', async () => {
    platform.advance(-3_600_000)
    await expect(verify()).rejects.toMatchObject({ code: 'TOKEN_NOT_YET_VALID' })
    platform.advance(3_600_000)
  })

  test('of an organisation that nobody registered is 403 TENANT_UNKNOWN', async () => {
    await expect(verify({}, { ownerId: 9999 })).rejects.toMatchObject({ code: 'TENANT_UNKNOWN', row: { status: 403 } })
  })

  test('of another issuer does not open the tenant with the same owner id', async () => {
    const token = await other.mint(RUN, { audience: AUDIENCE })
    await expect(platform.principalOf(`Bearer ${token}`)).rejects.toMatchObject({ code: 'TENANT_UNKNOWN' })
  })

  test.each(['repository', 'repository_id', 'repository_owner_id', 'ref', 'sha', 'event_name', 'run_id'])('without the claim %s is refused by name', async (claim) => {
    await expect(verify({}, { claims: { [claim]: undefined } })).rejects.toMatchObject({ code: 'TOKEN_CLAIMS', detail: claim })
  })

  test.each(['not.a.token', 'a.b', 'eyJhbGciOiJSUzI1NiJ9.bm90anNvbg.c2ln'])('that is damaged (%s) is refused', async (token) => {
    await expect(platform.principalOf(`Bearer ${token}`)).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' })
  })

  test('is verified with keys that are fetched once', async () => {
    const before = issuer.requests.length
    await verify()
    await verify()
    expect(issuer.requests.slice(before)).toEqual([])
  })
})

describe('an issuer that does not answer usefully', () => {
  test('is 503 with Retry-After, and asked again for the next token', async () => {
    const broken = await startBrokenServer([{ kind: 'html', status: 200 }])
    const url = broken.url.replace(/\/+$/, '')
    const lonely = await startPlatform({ issuers: [url] })
    const token = await issuer.mint(RUN, { audience: AUDIENCE, issuer: url })
    await expect(lonely.principalOf(`Bearer ${token}`)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE', retryAfterSeconds: 10 })
    await expect(lonely.principalOf(`Bearer ${token}`)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' })
    expect(broken.requests.length).toBe(2)
    await lonely.close()
    await broken.close()
  })
})

test.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer a b'])('the authorization header %s is no credential', async (header) => {
  await expect(platform.principalOf(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})
