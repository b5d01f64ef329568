import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOidcIssuer, type MintOptions, type OidcIssuer } from './start-oidc-issuer.ts'

let oidc: OidcIssuer
beforeAll(async () => { oidc = await startOidcIssuer() })
afterAll(() => oidc.close())

const identity = { repository: 'acme/shop', repositoryId: 7, ownerId: 42, sha: 'a'.repeat(40) }
const AUDIENCE = 'https://plane.example.test'

/** Verifies as a service does that knows the issuer's address and nothing else. */
async function verify(token: string) {
  const discovery = (await (await fetch(`${oidc.issuer}/.well-known/openid-configuration`)).json()) as { issuer: string; jwks_uri: string }
  return (await jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), { issuer: discovery.issuer, audience: AUDIENCE })).payload
}

test('a minted token verifies by discovery alone, and its numbers are text', async () => {
  const claims = await verify(await oidc.mint(identity, { audience: AUDIENCE }))
  expect(claims).toMatchObject({ repository: 'acme/shop', repository_id: '7', repository_owner: 'acme', repository_owner_id: '42' })
  expect(claims).toMatchObject({ ref: 'refs/heads/main', event_name: 'push' })
  expect(claims.sub).toBe('repo:acme/shop:ref:refs/heads/main')
})

test('claims can be set and left out', async () => {
  const run = { ...identity, eventName: 'pull_request', ref: 'refs/pull/3/merge', headRef: 'topic' }
  const claims = await verify(await oidc.mint({ ...run, claims: { repository_id: undefined, run_id: '9' } }, { audience: AUDIENCE }))
  expect(claims).toMatchObject({ head_ref: 'topic', run_id: '9', sub: 'repo:acme/shop:pull_request' })
  expect(claims).not.toHaveProperty('repository_id')
})

describe('refuses to verify', () => {
  const cases: [string, MintOptions, string][] = [
    ['an expired token', { audience: AUDIENCE, expiresInSeconds: -60 }, 'ERR_JWT_EXPIRED'],
    ['a token for another audience', { audience: 'https://elsewhere.example.test' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['a token of another issuer', { audience: AUDIENCE, issuer: 'https://issuer.example.test' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an unsigned token', { audience: AUDIENCE, signature: 'unsigned' }, 'ERR_JOSE_NOT_SUPPORTED'],
    ['a token of an unknown key', { audience: AUDIENCE, signature: 'foreign' }, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['a token forged under a known key id', { audience: AUDIENCE, signature: 'forged' }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ]
  test.each(cases)('%s', async (_, how, code) => {
    const token = await oidc.mint(identity, how)
    await expect(verify(token)).rejects.toMatchObject({ code })
  })
})

test('a job fetches its token as on a runner: by its request token, for the audience it names', async () => {
  const run = oidc.startRun(identity)
  const url = `${run.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(AUDIENCE)}`
  const answer = await fetch(url, { headers: { authorization: `Bearer ${run.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } })
  const { value } = (await answer.json()) as { value: string }
  expect((await verify(value)).aud).toBe(AUDIENCE)
  expect((await fetch(url, { headers: { authorization: 'Bearer somebody-else' } })).status).toBe(401)
})

test('an enterprise server\'s issuer has a path', async () => {
  const enterprise = await startOidcIssuer({ path: '/_services/token' })
  try {
    expect(enterprise.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/_services\/token$/)
    expect((await fetch(`${enterprise.issuer}/.well-known/openid-configuration`)).status).toBe(200)
  } finally {
    await enterprise.close()
  }
})
