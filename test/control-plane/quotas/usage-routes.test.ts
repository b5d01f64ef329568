import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../../control-plane/app.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { assembleQuotas } from '../../../control-plane/quotas/assemble-quotas.ts'
import { dayOf } from '../../../control-plane/quotas/periods.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { requestOf } from './ledger-fixture.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'

let platform: Platform
let app: Awaited<ReturnType<typeof buildApp>>
let authorization: string

beforeAll(async () => {
  platform = await startPlatform()
  const quotas = assembleQuotas(platform)
  authorization = `Bearer ${(await platform.apiKeys.create('a@x', { name: 'admin', scopes: ['admin'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()}`
  app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: platform.logger, metrics: createMetrics(),
    authenticate: platform.authenticate, keptAnswers: keptAnswersOf(platform), readiness: [], routes: quotas.routes,
  })
  for (const model of ['=1+1', 'm,"2"']) {
    const { reservationId } = await quotas.service.reserve(requestOf({ tenantId: 'a@x', model }))
    await quotas.service.dispatch(reservationId)
    await quotas.service.settle(reservationId, { requests: 1, tokens: 80, costMicroUsd: 40, model })
  }
})
afterAll(async () => {
  await app.close()
  await platform.close()
})

const get = (path: string, headers = {}) => app.inject({ method: 'GET', url: `/v1${path}`, headers: { authorization, ...headers } })

test('answers this month by day as JSON', async () => {
  const response = await get('/usage')
  const today = dayOf(platform.clock())
  const row = { requests: 2, tokens: 160, costMicroUsd: 80, open: 0, unpriced: 0, assumed: 0 }
  expect([response.statusCode, response.json()]).toEqual([200, { by: 'day', from: `${today.slice(0, 7)}-01`, to: today, rows: [{ key: today, ...row }], total: { key: 'total', ...row } }])
})

test('answers by model as CSV that no spreadsheet takes for a formula', async () => {
  const response = await get('/usage?by=model&format=csv')
  expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(response.headers['content-disposition']).toMatch(/^attachment; filename="usage-.*\.csv"$/)
  expect(response.body.split('\n')).toEqual(['model,requests,tokens,costMicroUsd,open,unpriced,assumed', "'=1+1,1,80,40,0,0,0", '"m,""2""",1,80,40,0,0,0', 'total,2,160,80,0,0,0', ''])
})

test.each([
  ['text/csv', '', 'csv'], ['text/csv, */*;q=0.1', '', 'csv'], ['text/csv;q=0.9, application/json;q=0.8', '', 'csv'], ['application/json, text/csv;q=0.5', '', 'json'],
  ['text/csv;q=0', '', 'json'], ['text/csv;q=much', '', 'json'], ['*/*', '', 'json'], ['text/*', '', 'json'], ['text/csv', '&format=json', 'json'], ['application/json', '&format=csv', 'csv'],
])('the header Accept %s with the query %j is answered as %s', async (accept, more, format) => {
  const response = await get(`/usage?by=model${more}`, { accept })
  expect([response.statusCode, response.headers['content-type'], response.headers.vary]).toEqual([200, format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8', expect.stringContaining('accept')])
  expect(response.body.startsWith('model,requests')).toBe(format === 'csv')
})

test.each([
  ['from=2026-12-01&to=2026-11-01', 'from 2026-12-01 is after to 2026-11-01'],
  ['from=2020-01-01&to=2026-11-01', 'and 400 are the most'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['by=actor', 'by'],
  ['format=xml', 'format'],
])('%s is refused with its reason', async (query, reason) => {
  const response = await get(`/usage?${query}`)
  expect([response.statusCode, response.json<{ code: string; detail: string }>().code]).toEqual([400, 'BODY_INVALID'])
  expect(response.json<{ detail: string }>().detail).toContain(reason)
})

test('the forecast is empty without a limit', async () => {
  expect((await get('/usage/forecast')).json()).toEqual({ items: [] })
})
