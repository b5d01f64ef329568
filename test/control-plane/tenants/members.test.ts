// Members and invitations over HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, OPERATOR, PUBLIC_URL, startAccess, type AccessFixture } from '../auth/access-fixture.ts'

let access: AccessFixture
let owner: string
let admin: string

const asPerson = (cookie: string) => (method: string, path: string, body?: unknown) => access.ask(`/v1${path}`, {
  method, headers: { cookie, origin: PUBLIC_URL, 'x-autodevops-csrf': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})
const invite = async (body: object, cookie = admin) => asPerson(cookie)('POST', '/invitations', body)
const roleOf = async (userId: string) => (await access.platform.members.for(access.acme.id).get(userId))?.role ?? null
const changes = async (action: string) => (await access.platform.audit.for(access.acme.id).list({ limit: 200 }, { action })).map(({ actor, subject, before, after }) => ({ actor, subject, before, after }))

beforeAll(async () => {
  access = await startAccess()
  owner = await access.sessionOf({ id: 1, login: 'boss' }, 'owner')
  admin = await access.sessionOf({ id: 2, login: 'admin' }, 'admin')
})
afterAll(() => access.close())

describe('an invitation', () => {
  test.each([['by login, whatever its case', { login: 'Mona-L' }, { id: 30, login: 'mona-l' }], ['by number', { userId: '31' }, { id: 31, login: 'renamed' }]])('%s is accepted at the sign-in', async (_how, invitee, person) => {
    expect(await codeOf(await access.signIn(person))).toEqual([403, 'MEMBERSHIP_MISSING'])
    expect((await invite({ ...invitee, role: 'member' })).status).toBe(201)
    expect((await access.signIn(person)).status).toBe(303)
    expect(await roleOf(String(person.id))).toBe('member')
    expect(await changes('invitation.accepted')).toContainEqual({ actor: `user:${person.id}`, subject: String(person.id), before: null, after: { role: 'member' } })
    expect((await access.platform.memberships.listInvitations(access.acme.id, { limit: 10 })).length).toBe(0)
  })

  test('that has expired or was withdrawn makes no member', async () => {
    await invite({ userId: '40', role: 'viewer', days: 1 })
    access.advance(86_400_001)
    expect(await codeOf(await access.signIn({ id: 40, login: 'late' }))).toEqual([403, 'MEMBERSHIP_MISSING'])
    access.advance(-86_400_001)
    const { id } = (await (await invite({ userId: '41', role: 'viewer' })).json()) as { id: string }
    expect((await asPerson(admin)('DELETE', `/invitations/${id}`)).status).toBe(204)
    expect(await codeOf(await asPerson(admin)('DELETE', `/invitations/${id}`))).toEqual([404, 'INVITATION_NOT_FOUND'])
    expect(await codeOf(await access.signIn({ id: 41, login: 'gone' }))).toEqual([403, 'MEMBERSHIP_MISSING'])
  })

  test('of two at once makes one member, and never lowers a role', async () => {
    await invite({ userId: '1', role: 'viewer' })
    await access.signIn({ id: 1, login: 'boss' })
    expect(await roleOf('1')).toBe('owner')
    await invite({ userId: '50', role: 'member' })
    const answers = await Promise.all([access.signIn({ id: 50, login: 'twice' }), access.signIn({ id: 50, login: 'twice' })])
    expect(answers.some(({ status }) => status === 303)).toBe(true)
    expect((await changes('invitation.accepted')).filter(({ subject }) => subject === '50')).toHaveLength(1)
  })

  test('is refused twice, for a member, above the own role, and in a wrong shape', async () => {
    await invite({ login: 'once', role: 'viewer' })
    expect(await codeOf(await invite({ login: 'ONCE', role: 'admin' }))).toEqual([409, 'INVITATION_EXISTS'])
    expect(await codeOf(await invite({ userId: '2', role: 'viewer' }))).toEqual([409, 'INVITATION_EXISTS'])
    expect(await codeOf(await invite({ login: 'climber', role: 'owner' }))).toEqual([403, 'FORBIDDEN'])
    for (const body of [{ role: 'viewer' }, { login: 'a', userId: '1', role: 'viewer' }, { login: '@a', role: 'viewer' }, { userId: { $gt: '' }, role: 'viewer' }, { login: 'a', role: 'god' }, { login: 'a', role: 'viewer', days: 91 }]) {
      expect(await codeOf(await invite(body))).toEqual([400, 'BODY_INVALID'])
    }
  })
})

describe('a role', () => {
  test('is given and taken up to the own one, with before and after in the audit log', async () => {
    await access.platform.memberships.put(access.acme.id, { userId: '60', login: 'worker', role: 'viewer' }, OPERATOR)
    expect(await (await asPerson(admin)('PUT', '/members/60', { role: 'admin' })).json()).toMatchObject({ userId: '60', role: 'admin' })
    expect(await changes('member.changed')).toContainEqual({ actor: 'user:2', subject: '60', before: { role: 'viewer' }, after: { role: 'admin' } })
    expect(await codeOf(await asPerson(admin)('PUT', '/members/60', { role: 'owner' }))).toEqual([403, 'FORBIDDEN'])
    expect(await codeOf(await asPerson(admin)('DELETE', '/members/1'))).toEqual([403, 'FORBIDDEN'])
    expect(await roleOf('1')).toBe('owner')
    expect((await asPerson(owner)('DELETE', '/members/60')).status).toBe(204)
    expect(await changes('member.removed')).toContainEqual({ actor: 'user:1', subject: '60', before: { role: 'admin' }, after: null })
  })

  test('of the last owner stays, even when two owners demote each other at once', async () => {
    expect(await codeOf(await asPerson(owner)('PUT', '/members/1', { role: 'viewer' }))).toEqual([409, 'MEMBER_LAST_OWNER'])
    expect(await codeOf(await asPerson(owner)('DELETE', '/members/1'))).toEqual([409, 'MEMBER_LAST_OWNER'])
    const second = await access.sessionOf({ id: 61, login: 'second' }, 'owner')
    await Promise.all([asPerson(owner)('PUT', '/members/61', { role: 'admin' }), asPerson(second)('PUT', '/members/1', { role: 'admin' })])
    const owners = (await access.platform.members.for(access.acme.id).list({ limit: 100 })).filter(({ role }) => role === 'owner')
    expect(owners.length).toBeGreaterThan(0)
    for (const userId of ['1', '61']) await access.platform.memberships.put(access.acme.id, { userId, login: 'x', role: 'owner' }, OPERATOR)
  })

  test('of a member of another organisation is out of reach', async () => {
    await access.platform.memberships.put(access.rival.id, { userId: '70', login: 'rival', role: 'viewer' }, OPERATOR)
    expect(await codeOf(await asPerson(owner)('PUT', '/members/70', { role: 'admin' }))).toEqual([404, 'MEMBER_NOT_FOUND'])
    const listed = (await (await asPerson(owner)('GET', '/members')).json()) as { members: { userId: string }[] }
    expect(listed.members.map(({ userId }) => userId)).not.toContain('70')
  })
})

test('an API key of the scope admin manages members as an admin does, and no further', async () => {
  const { key } = await access.keyOf(access.acme, ['admin'])
  const call = (body: object) => access.ask('/v1/invitations', { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })
  expect((await call({ login: 'by-key', role: 'admin' })).status).toBe(201)
  expect(await codeOf(await call({ login: 'owner-by-key', role: 'owner' }))).toEqual([403, 'FORBIDDEN'])
})

