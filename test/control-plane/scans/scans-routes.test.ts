// Scans over HTTP.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServiceApp, type ServiceApp } from '../service-app.ts'
import { startScanFixture, type ScanFixture } from './scan-fixture.ts'

interface Listed {
  readonly every: string
  readonly due: number
  readonly paused: { readonly code: string; readonly reason: string } | null
  readonly requests: { readonly limit: number; readonly used: number }
  readonly items: readonly { readonly id: string; readonly name: string; readonly dueAt: string | null; readonly lastAt: string | null; readonly result: string | null; readonly code: string | null }[]
  readonly next: string | null
}

let fixture: ScanFixture
let app: ServiceApp
let admin: string

beforeAll(async () => {
  fixture = await startScanFixture()
  app = await startServiceApp(fixture.service, fixture.scans.routes)
  admin = await app.keyOf(fixture.service.tenant.id, ['admin'])
  await fixture.fleet('listed', 3)
})
afterAll(async () => {
  await app.close()
  await fixture.close()
})

const list = async (query = '') => (await app.call<Listed>(admin, `/scans${query}`)).body
const put = (body: unknown) => app.call<{ readonly code?: string; readonly detail?: string }>(admin, '/scans', { method: 'PUT', body })

test('are off until somebody turns them on', async () => {
  expect(await list()).toMatchObject({ every: 'off', discover: false, skip: ['archived', 'disabled', 'fork'], listing: { dueAt: null, lastAt: null }, due: 0, paused: null, requests: { limit: 1_000, used: 0 }, items: [{ dueAt: null, lastAt: null, result: null }, {}, {}] })
})

test('are set, with a budget, and refused with the reason when it makes no sense', async () => {
  expect(await put({ every: 'weekly', requestsPerHour: 100 })).toMatchObject({ status: 200, body: { every: 'weekly', requestsPerHour: 100, requests: { limit: 100 } } })
  expect((await list()).items.every(({ dueAt }) => dueAt !== null && new Date(dueAt) > fixture.clock())).toBe(true)
  for (const body of [{ every: 'hourly' }, { every: 'daily', requestsPerHour: 9 }, { every: 'daily', requestsPerHour: 1.5 }, {}, { every: 'daily', fixPr: 'all' }, { every: 'daily', skip: ['private'] }, { every: 'daily', discover: 'yes' }]) {
    expect(await put(body)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } })
  }
  expect((await list()).every).toBe('weekly')
})

test('are run at once, and then say how each look ended', async () => {
  expect(await app.call(admin, '/scans/run', { method: 'POST' })).toMatchObject({ status: 202, body: { due: 3 } })
  expect((await list()).due).toBe(3)
  await fixture.scans.runDue()
  const { items, due, requests } = await list()
  expect([due, items.map(({ result, code }) => [result, code])]).toEqual([0, [['changed', null], ['changed', null], ['changed', null]]])
  // One for the list; then for each facts for the default branch, its head, and three for its submission.
  expect(requests.used).toBe(1 + 15)
})

test('are listed page by page', async () => {
  const first = await list('?limit=2')
  const second = await list(`?limit=2&cursor=${first.next ?? ''}`)
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['acme/listed-0', 'acme/listed-1', 'acme/listed-2'])
  expect(second.next).toBeNull()
  expect((await app.call(admin, '/scans?cursor=x')).status).toBe(400)
})

test('say why nobody looks now', async () => {
  const token = await fixture.service.giveToken()
  fixture.service.github.revokeToken(token)
  await app.call(admin, '/scans/run', { method: 'POST' })
  await fixture.scans.runDue()
  expect((await list()).paused).toMatchObject({ code: 'GITHUB_TOKEN_REJECTED', reason: "GitHub rejects this organisation's token: it expired, was revoked, or is wrong" })
})
