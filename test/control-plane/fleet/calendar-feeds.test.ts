// The calendar as a feed: what it holds, and that its address opens nothing else and is told to nobody.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS, PUBLIC_URL, startFleet, workflow, type Fleet } from './fleet-fixture.ts'

interface Made { readonly id: string; readonly name: string; readonly createdAt: string; readonly url: string }

let fleet: Fleet

beforeAll(async () => {
  fleet = await startFleet()
  await fleet.record('api', { ci: workflow('acme/build@v1', { image: 'ubuntu-22.04' }) })
  await fleet.record('shop, ünï;', { [`${'ü'.repeat(60)}`]: workflow('acme/build@v1', { image: 'ubuntu-22.04' }) })
  await fleet.record('secret', { ci: workflow('rival/build@v1', { image: 'ubuntu-22.04' }) }, fleet.rival)
})
afterAll(() => fleet.close())

async function makeFeed(as: 'admin' | 'stranger' = 'admin'): Promise<Made> {
  const response = await fleet.call('/calendar/feeds', { as, method: 'POST', body: JSON.stringify({ name: 'platform team' }) })
  expect(response.status).toBe(201)
  return await response.json() as Made
}
/** As a calendar program asks: no header says who. */
const read = async (query: string) => {
  const response = await fleet.call(`/calendar.ics${query}`, { as: 'nobody' })
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
}
const queryOf = ({ url }: Made): string => new URL(url).search
const tokenOf = ({ url }: Made): string => new URL(url).searchParams.get('token') ?? ''

test('an all-day event for the end and for each brownout, by RFC 5545', async () => {
  const made = await makeFeed()
  expect(made.url.startsWith(`${PUBLIC_URL}/v1/calendar.ics?token=adf_`)).toBe(true)
  const { status, type, body } = await read(queryOf(made))
  expect([status, type]).toEqual([200, 'text/calendar; charset=utf-8'])
  const lines = body.split('\r\n')
  expect(lines.at(-1)).toBe('')
  expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  const unfolded = body.replaceAll('\r\n ', '').split('\r\n')
  expect(unfolded.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(5)
  expect(unfolded).toEqual(expect.arrayContaining(['X-WR-CALNAME:Pipelines of acme', "SUMMARY:Ends: the image 'ubuntu-22.04'", 'DTSTART;VALUE=DATE:20270417', 'DTEND;VALUE=DATE:20270418', 'DTSTAMP:20261201T000000Z']))
  expect(unfolded.find((line) => line.startsWith('DESCRIPTION:'))).toBe(
    `DESCRIPTION:2 places:\\nacme/api/.github/workflows/ci.yml:6\\nacme/shop\\, ünï\\;/.github/workflows/${'ü'.repeat(60)}.yml:6\\nSource: actions/runner-images#14254`)
  expect(body).not.toContain('rival')
})

test('an end keeps its event from day to day, and organisations share none', async () => {
  const uidsOf = async (made: Made) => [...(await read(queryOf(made))).body.matchAll(/^UID:(.*)\r$/gm)].map(([, uid]) => uid)
  const [ours, theirs] = [await makeFeed(), await makeFeed('stranger')]
  const before = await uidsOf(ours)
  fleet.platform.advance(DAY_MS)
  expect(await uidsOf(ours)).toEqual(before)
  expect(new Set([...before, ...await uidsOf(theirs)]).size).toBe(10)
})

test('the token opens this feed only, wherever it is sent', async () => {
  const token = tokenOf(await makeFeed())
  for (const path of ['/fleet', '/calendar', '/calendar/feeds', '/divergence']) {
    for (const init of [{}, { headers: { authorization: `Bearer ${token}` } }]) {
      const response = await fetch(`${fleet.address}/v1${path}?token=${token}`, init)
      expect([path, response.status]).toEqual([path, 401])
    }
  }
})

test('wrong, foreign and revoked tokens are refused alike; a key is no feed token', async () => {
  const made = await makeFeed()
  const token = tokenOf(made)
  const changed = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
  const other = tokenOf(await makeFeed('stranger'))
  const mixed = `${token.slice(0, 21)}${other.slice(21)}`
  for (const wrong of [changed, mixed, 'adf_1', '', `adk${token.slice(3)}`]) {
    const { status, body } = await read(`?token=${wrong}`)
    expect([wrong, status, (JSON.parse(body) as { code: string }).code]).toEqual([wrong, 401, 'CALENDAR_FEED_INVALID'])
  }
  expect((await read('')).status).toBe(400)
  const revoke = (as: 'admin' | 'reader' | 'stranger') => fleet.call(`/calendar/feeds/${made.id}`, { as, method: 'DELETE' })
  expect([(await revoke('reader')).status, (await revoke('stranger')).status]).toEqual([403, 404])
  expect((await read(queryOf(made))).status).toBe(200)
  expect([(await revoke('admin')).status, (await revoke('admin')).status]).toEqual([204, 404])
  expect((await read(queryOf(made))).status).toBe(401)
})

test('an address is shown once, is stored hashed, and is in no log, list or audit entry', async () => {
  const made = await makeFeed()
  const secret = tokenOf(made).split('_')[2] ?? ''
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  await read(queryOf(made))
  for (const query of [`?token=${secret}`, `?${tokenOf(made)}=1&token=x`, `${queryOf(made)}&x=1`, `${queryOf(made)}${'x'.repeat(300)}`]) await read(query)
  await fleet.call(`/nowhere${queryOf(made)}`, { as: 'nobody' })
  await fleet.call(`/calendar.ics${queryOf(made)}`, { as: 'nobody', method: 'POST' })
  const listed = await (await fleet.call('/calendar/feeds?limit=200', { as: 'admin' })).json() as { feeds: { id: string }[] }
  expect(listed.feeds.find(({ id }) => id === made.id)).toEqual({ id: made.id, name: 'platform team', createdAt: made.createdAt, revokedAt: null })
  const entries = await fleet.platform.audit.for(fleet.acme.id).list({ limit: 1000 })
  expect(entries.filter(({ subject }) => subject === made.id)).toMatchObject([{ action: 'calendar-feed.created', after: { name: 'platform team' } }])
  const stored = await fleet.platform.database.db.collection('calendar-feeds').find({}).toArray()
  const told = [...fleet.platform.logged, JSON.stringify(listed), JSON.stringify(entries), JSON.stringify(stored)].join('\n')
  expect(told).toContain('/v1/calendar.ics')
  expect(told).not.toContain(secret)
})
