// Signing in with GitHub, as a browser does it, and everything that must not work.
import { SignJWT, UnsecuredJWT, decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, cookieOf, OPERATOR, PUBLIC_URL, SESSION_SECRET, startAccess, type AccessFixture } from './access-fixture.ts'

const MONA = { id: 7, login: 'mona' }
const HOUR_MS = 3_600_000

let access: AccessFixture
const whoIs = (cookie: string) => access.ask('/v1/auth/session', { headers: { cookie } })
const begin = (query = '') => access.ask(`/v1/auth/github${query}`)
const consent = async (location: string | null) => (await fetch(location ?? '', { redirect: 'manual' })).headers.get('location') ?? ''

beforeAll(async () => {
  access = await startAccess()
  await access.platform.memberships.put(access.acme.id, { userId: '7', login: 'mona', role: 'owner' }, OPERATOR)
})
afterAll(() => access.close())

describe('a sign-in', () => {
  test('leads over GitHub to a session that says who and in which role', async () => {
    const done = await access.signIn(MONA)
    expect([done.status, done.headers.get('location')]).toEqual([303, '/v1/auth/session'])
    const [cookie = ''] = done.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-autodevops-session=[\w.-]+; Max-Age=3600; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    expect(await (await whoIs(cookieOf(done))).json()).toMatchObject({ kind: 'session', tenant: access.acme.id, actor: 'user:7', login: 'mona', role: 'owner' })
    const entries = await access.platform.audit.for(access.acme.id).list({ limit: 50 }, { action: 'session.opened' })
    expect(entries).toMatchObject([{ actor: 'user:7', details: { login: 'mona' } }])
  })

  test('asks for no scope, with PKCE and a state of its own each time', async () => {
    const [first, second] = await Promise.all([begin(), begin()])
    const query = new URL(first.headers.get('location') ?? '').searchParams
    expect(Object.fromEntries(query)).toMatchObject({ client_id: 'client', redirect_uri: `${PUBLIC_URL}/v1/auth/github/callback`, code_challenge_method: 'S256' })
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(query.has('scope')).toBe(false)
    expect(new URL(second.headers.get('location') ?? '').searchParams.get('state')).not.toBe(query.get('state'))
  })

  test('goes on to a path of ours, and to no other host', async () => {
    expect((await access.signIn(MONA, '?returnTo=/docs')).headers.get('location')).toBe('/docs')
    for (const elsewhere of ['//evil.test', '/\\evil.test', 'https://evil.test', '/a%0d%0ab']) {
      expect(await codeOf(await begin(`?returnTo=${elsewhere}`))).toEqual([400, 'BODY_INVALID'])
    }
  })

  test('that another browser began is refused: a foreign state, a foreign cookie, none', async () => {
    access.github.oauth.signInAs(MONA)
    const [mine, theirs] = await Promise.all([begin(), begin()])
    const back = await consent(theirs.headers.get('location'))
    for (const headers of [{ cookie: cookieOf(mine) }, { cookie: '__Host-autodevops-sign-in=v1.k1.forged' }, undefined]) {
      const answer = await access.ask(back, headers === undefined ? {} : { headers })
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(await codeOf(answer)).toEqual([400, 'SIGN_IN_STATE'])
    }
  })

  test('takes a code once', async () => {
    access.github.oauth.signInAs(MONA)
    const begun = await begin()
    const back = await consent(begun.headers.get('location'))
    const finish = () => access.ask(back, { headers: { cookie: cookieOf(begun) } })
    expect((await finish()).status).toBe(303)
    expect(await codeOf(await finish())).toEqual([400, 'SIGN_IN_CODE'])
  })

  test('fails with a code that was meant for another attempt', async () => {
    access.github.oauth.signInAs(MONA)
    const [mine, theirs] = await Promise.all([begin(), begin()])
    const back = new URL(await consent(mine.headers.get('location')))
    back.searchParams.set('code', new URL(await consent(theirs.headers.get('location'))).searchParams.get('code') ?? '')
    expect(await codeOf(await access.ask(back.href, { headers: { cookie: cookieOf(mine) } }))).toEqual([400, 'SIGN_IN_CODE'])
  })

  test('without consent says so', async () => {
    expect(await codeOf(await access.signIn(null))).toEqual([403, 'SIGN_IN_REFUSED'])
  })

  test('is over after ten minutes, and when the clock was set back before its beginning', async () => {
    for (const ms of [600_001, -600_001]) {
      access.github.oauth.signInAs(MONA)
      const begun = await begin()
      const back = await consent(begun.headers.get('location'))
      access.advance(ms)
      const answer = await access.ask(back, { headers: { cookie: cookieOf(begun) } })
      access.advance(-ms)
      expect(await codeOf(answer)).toEqual([400, 'SIGN_IN_STATE'])
    }
  })

  test('of somebody without a membership is refused; of a member of two organisations it asks which', async () => {
    expect(await codeOf(await access.signIn({ id: 8, login: 'stranger' }))).toEqual([403, 'MEMBERSHIP_MISSING'])
    await access.platform.memberships.put(access.rival.id, { userId: '9', login: 'both', role: 'viewer' }, OPERATOR)
    await access.platform.memberships.put(access.acme.id, { userId: '9', login: 'both', role: 'admin' }, OPERATOR)
    expect(await codeOf(await access.signIn({ id: 9, login: 'both' }))).toEqual([409, 'MEMBERSHIP_AMBIGUOUS'])
    const chosen = await access.signIn({ id: 9, login: 'both' }, '?tenant=777')
    expect(await (await whoIs(cookieOf(chosen))).json()).toMatchObject({ tenant: access.rival.id, role: 'viewer' })
  })

  test('survives a GitHub that does not answer, as an error of GitHub', async () => {
    const end = access.github.fault({ when: ({ path }) => path === '/login/oauth/access_token', respond: { kind: 'status', status: 502 } })
    expect(await codeOf(await access.signIn(MONA))).toEqual([502, 'GITHUB_UNAVAILABLE'])
    end()
  })
})

describe("a session's token", () => {
  const claims = (cookie: string) => decodeJwt<{ sid: string }>(cookie.split('=')[1] ?? '')
  const sign = (payload: Record<string, unknown>, { secret = SESSION_SECRET, typ = 'autodevops-session+jwt' } = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ }).sign(Buffer.from(secret))
  const asCookie = (token: string) => `__Host-autodevops-session=${token}`

  test('that was made by nobody of us is refused', async () => {
    const own = claims(cookieOf(await access.signIn(MONA)))
    const forged: [string, string][] = [
      ['as it is, to see that the rest fails for its own reason', await sign(own)],
      ['alg none', new UnsecuredJWT(own).encode()],
      ['another key', await sign(own, { secret: 'another-secret-of-more-than-forty-three-characters' })],
      ['another audience', await sign({ ...own, aud: 'https://elsewhere.test' })],
      ['another issuer', await sign({ ...own, iss: 'https://elsewhere.test' })],
      ['another type', await sign(own, { typ: 'JWT' })],
      ['an unknown session', await sign({ ...own, sid: 'f'.repeat(32) })],
      ['an operator for an id', await sign({ ...own, sid: { $gt: '' } })],
      ['no end', await sign({ ...own, exp: undefined })],
      ['from the future', await sign({ ...own, iat: (own.iat ?? 0) + 600 })],
      ['an end in a year', await sign({ ...own, iat: (own.iat ?? 0) - 4_000, exp: (own.exp ?? 0) + 31_536_000 })],
      ['no token', 'canary'],
      ['too much', 'a'.repeat(3_000)],
    ]
    const statuses: [string, number][] = []
    for (const [what, token] of forged) statuses.push([what, (await whoIs(asCookie(token))).status])
    expect(statuses).toEqual(forged.map(([what], index) => [what, index === 0 ? 200 : 401]))
  })

  test('past its hour is refused, and renewed by a request in its second half', async () => {
    const cookie = cookieOf(await access.signIn(MONA))
    expect((await whoIs(cookie)).headers.getSetCookie()).toEqual([])
    access.advance(0.6 * HOUR_MS)
    const renewed = cookieOf(await whoIs(cookie))
    expect(renewed).toContain('__Host-autodevops-session=')
    access.advance(0.6 * HOUR_MS)
    expect(await codeOf(await whoIs(cookie))).toEqual([401, 'SESSION_EXPIRED'])
    expect((await whoIs(renewed)).status).toBe(200)
    access.advance(-1.2 * HOUR_MS)
  })

  test('is not renewed past the end of its session', async () => {
    let cookie = cookieOf(await access.signIn(MONA))
    for (let half = 0; half < 20; half += 1) {
      access.advance(0.55 * HOUR_MS)
      cookie = cookieOf(await whoIs(cookie)) || cookie
    }
    expect((await whoIs(cookie)).status).toBe(200)
    access.advance(1.1 * HOUR_MS)
    expect(await codeOf(await whoIs(cookie))).toEqual([401, 'SESSION_EXPIRED'])
    access.advance(-12.1 * HOUR_MS)
  })

  test('is refused while the clock is an hour behind, and good again afterwards', async () => {
    const cookie = cookieOf(await access.signIn(MONA))
    access.advance(-HOUR_MS)
    expect((await whoIs(cookie)).status).toBe(401)
    access.advance(HOUR_MS)
    expect((await whoIs(cookie)).status).toBe(200)
  })
})

describe('a session ends', () => {
  const change = (cookie: string, headers: Record<string, string> = {}) =>
    access.ask('/v1/auth/session', { method: 'DELETE', headers: { cookie, origin: PUBLIC_URL, 'x-autodevops-csrf': '1', ...headers } })

  test('when its person signs out', async () => {
    const cookie = cookieOf(await access.signIn(MONA))
    const out = await change(cookie)
    expect([out.status, out.headers.getSetCookie()[0]]).toEqual([204, expect.stringMatching(/^__Host-autodevops-session=; Max-Age=0;/) as string])
    expect(await codeOf(await whoIs(cookie))).toEqual([401, 'SESSION_INVALID'])
  })

  test('when an admin ends it; nobody ends one of another organisation', async () => {
    const cookie = cookieOf(await access.signIn(MONA))
    const { sid } = decodeJwt<{ sid: string }>(cookie.split('=')[1] ?? '')
    const [ours, theirs] = [await access.keyOf(access.acme, ['admin']), await access.keyOf(access.rival, ['admin'])]
    const end = ({ key }: { key: string }) => access.ask(`/v1/sessions/${sid}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } })
    expect((await end(theirs)).status).toBe(404)
    expect((await whoIs(cookie)).status).toBe(200)
    expect((await end(ours)).status).toBe(204)
    expect((await whoIs(cookie)).status).toBe(401)
    expect((await end(ours)).status).toBe(404)
  })

  test('within ten seconds after the membership, whose role it follows', async () => {
    const person = { id: 21, login: 'leaver' }
    const cookie = await access.sessionOf(person, 'admin')
    const changer = { ...OPERATOR, tenantId: access.acme.id, role: 'owner' as const }
    await whoIs(cookie)
    await access.platform.memberships.changeRole(changer, '21', 'viewer')
    access.advance(10_001)
    expect(await (await whoIs(cookie)).json()).toMatchObject({ role: 'viewer' })
    await access.platform.memberships.remove(changer, '21')
    access.advance(10_001)
    expect(await codeOf(await whoIs(cookie))).toEqual([401, 'SESSION_INVALID'])
  })

  test('not by another site: origin, sec-fetch-site and our header must all fit', async () => {
    const cookie = cookieOf(await access.signIn(MONA))
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'null' }] as Record<string, string>[]) {
      expect([headers, await codeOf(await change(cookie, headers))]).toEqual([headers, [403, 'CROSS_SITE_REQUEST']])
    }
    const bare = (headers: Record<string, string>) => access.ask('/v1/auth/session', { method: 'DELETE', headers: { cookie, ...headers } })
    expect(await codeOf(await bare({ origin: PUBLIC_URL }))).toEqual([403, 'CROSS_SITE_REQUEST'])
    expect((await whoIs(cookie)).status).toBe(200)
    expect((await bare({ 'sec-fetch-site': 'same-origin', origin: PUBLIC_URL, 'x-autodevops-csrf': '1' })).status).toBe(204)
  })
})

test('no secret of a sign-in is in the log, the database or the audit log', async () => {
  const cookie = cookieOf(await access.signIn(MONA))
  await whoIs(cookie)
  const { db } = access.database
  const names = (await db.listCollections().toArray()).map(({ name }) => name)
  const everything = JSON.stringify([access.logged, await Promise.all(names.map((name) => db.collection(name).find().toArray()))])
  for (const secret of [cookie.split('=')[1] ?? '', SESSION_SECRET, 'canary-client-secret', 'gho_']) expect([secret, everything.includes(secret)]).toEqual([secret, false])
})
