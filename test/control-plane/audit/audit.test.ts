// The audit log over HTTP: pages, filters, export, cursors that belong elsewhere; and what no JSON body may hold.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, startAccess, type AccessFixture } from '../auth/access-fixture.ts'

interface Entry { readonly id: string; readonly at: string; readonly actor: string; readonly action: string; readonly subject: string; readonly before: unknown; readonly after: unknown }
interface EntryPage { readonly entries: readonly Entry[]; readonly next: string | null }

let access: AccessFixture
let key: string
const get = (path: string, token = key) => access.ask(`/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
const page = async (query: string) => (await (await get(`/audit?${query}`)).json()) as EntryPage
const COUNT = 1_200

beforeAll(async () => {
  access = await startAccess()
  key = (await access.keyOf(access.acme, ['admin'])).key
  await access.platform.audit.appendAll(Array.from({ length: COUNT }, (_, n) => ({
    tenantId: access.acme.id, actor: n % 2 === 0 ? 'user:1' : 'operator', action: 'thing.changed', subject: `thing-${n}`, details: { n }, before: { on: false }, after: { on: true }, correlationId: null,
  })))
  await access.platform.audit.for(access.rival.id).append({ actor: 'operator', action: 'thing.changed', subject: 'canary-of-the-rival', details: {}, correlationId: null })
})
afterAll(() => access.close())

describe('the audit log', () => {
  test('comes page by page, newest first, every entry once', async () => {
    const seen: Entry[] = []
    for (let cursor = ''; ;) {
      const { entries, next } = await page(`limit=200${cursor}`)
      seen.push(...entries)
      if (next === null) break
      cursor = `&cursor=${next}`
    }
    expect(seen.map(({ id }) => id)).toEqual([...new Set(seen.map(({ id }) => id))].sort().reverse())
    expect(seen.filter(({ action }) => action === 'thing.changed')).toHaveLength(COUNT)
    expect(seen.find(({ action }) => action === 'api-key.created')).toMatchObject({ actor: 'operator', before: null, after: { scopes: ['admin'] } })
    expect(JSON.stringify(seen)).not.toContain('canary')
  })

  test('is filtered by actor, action, subject and time', async () => {
    expect((await page('actor=user:1&limit=200')).entries.every(({ actor }) => actor === 'user:1')).toBe(true)
    expect((await page('subject=thing-7')).entries.map(({ subject }) => subject)).toEqual(['thing-7'])
    expect((await page('subject=canary-of-the-rival')).entries).toEqual([])
    const soon = encodeURIComponent(new Date(Date.now() + 60_000).toISOString())
    expect([(await page(`from=${soon}`)).entries.length, (await page(`to=${soon}`)).entries.length]).toEqual([0, 50])
  })

  test('is exported as JSON lines, oldest first', async () => {
    const response = await get('/audit/export?action=thing.changed')
    expect(response.headers.get('content-type')).toContain('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n').map((line) => JSON.parse(line) as Entry)
    expect(lines).toHaveLength(COUNT)
    expect(lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).sort())
    expect(lines[0]).toMatchObject({ before: { on: false }, after: { on: true } })
  })

  test('needs its own scope', async () => {
    const [reader, auditor] = [await access.keyOf(access.acme, ['analyses:read']), await access.keyOf(access.acme, ['audit:read'])]
    expect(await codeOf(await get('/audit', reader.key))).toEqual([403, 'FORBIDDEN'])
    expect((await get('/audit', auditor.key)).status).toBe(200)
  })
})

describe('a cursor', () => {
  test('of another list, of other filters, of another organisation, or of nobody, is refused with the reason', async () => {
    const { next } = await page('limit=1')
    await Promise.all(Array.from({ length: 2 }, () => access.keyOf(access.acme, ['analyses:read'])))
    const keys = (await (await get('/api-keys?limit=1')).json()) as { next: string }
    const rival = (await access.keyOf(access.rival, ['admin'])).key
    const refusals = [
      await get(`/audit?cursor=${keys.next}`), await get(`/api-keys?cursor=${next}`), await get(`/audit?actor=operator&cursor=${next}`), await get(`/audit?cursor=${next}`, rival),
      await get('/audit?cursor=canary'), await get(`/audit?cursor=${Buffer.from('["audit",{"$gt":""},"x"]').toString('base64url')}`),
    ]
    const problems = await Promise.all(refusals.map(async (response) => (await response.json()) as { status: number; code: string; detail: string }))
    expect(problems.map(({ status, code }) => [status, code])).toEqual(problems.map(() => [400, 'CURSOR_INVALID']))
    expect(problems.map(({ detail }) => detail).slice(0, 2)).toEqual(['it comes from the list api-keys, this is audit', 'it comes from the list audit, this is api-keys'])
    expect((await get(`/audit?cursor=${next}`)).status).toBe(200)
  })
})

describe('a body', () => {
  const post = (body: string) => access.ask('/v1/api-keys', { method: 'POST', body, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })

  test.each([
    '{"name":{"$gt":""},"scopes":["admin"]}', '{"name":"x","scopes":["admin"],"$where":"1"}', '{"name":"x","scopes":[{"$ne":null}]}', '{"name":"x","scopes":["admin"],"deep":[[{"a":{"$set":{}}}]]}',
    '{"name":"x","scopes":["admin"],"__proto__":{"admin":true}}', '{"name":"x","scopes":["admin"],"constructor":{"prototype":{"admin":true}}}', '{"name":"x","scopes":["admin"],"a":{"prototype":1}}',
  ])('with an operator or a prototype key is refused: %s', async (body) => {
    const [status, code] = await codeOf(await post(body))
    expect([status, ['BODY_INVALID', 'BODY_MALFORMED'].includes(code)]).toEqual([400, true])
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test('says which key it was', async () => {
    expect(((await (await post('{"name":{"$gt":""},"scopes":["admin"]}')).json()) as { detail: string }).detail).toContain('the key $gt is not accepted')
  })
})

describe('API keys over HTTP', () => {
  test('are shown once, listed without their secret, and end when they are revoked', async () => {
    const made = await access.ask('/v1/api-keys', {
      method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ci', scopes: ['analyses:read'], expiresAt: new Date(Date.now() + 60_000).toISOString() }),
    })
    const { id, key: fresh } = (await made.json()) as { id: string; key: string }
    expect([made.status, (await get('/auth/session', fresh)).status]).toEqual([201, 200])
    const listed = await (await get('/api-keys?limit=200')).text()
    expect(listed).toContain(id)
    expect(listed).not.toContain(fresh.split('_')[2])
    const revoke = (id_: string) => access.ask(`/v1/api-keys/${id_}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } })
    expect((await revoke(id)).status).toBe(204)
    expect(await codeOf(await get('/auth/session', fresh))).toEqual([401, 'API_KEY_INVALID'])
    const foreign = await access.keyOf(access.rival, ['admin'])
    expect(await codeOf(await revoke(foreign.id))).toEqual([404, 'API_KEY_NOT_FOUND'])
    expect((await get('/auth/session', foreign.key)).status).toBe(200)
  })

  test('say in UTC when they end, whatever offset they were asked for with', async () => {
    const made = await access.ask('/v1/api-keys', {
      method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ci', scopes: ['analyses:read'], expiresAt: '2099-06-30T00:30:00+02:00' }),
    })
    expect([made.status, await made.json()]).toEqual([201, expect.objectContaining({ expiresAt: '2099-06-29T22:30:00.000Z' })])
  })
})
