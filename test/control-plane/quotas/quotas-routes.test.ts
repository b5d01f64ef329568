import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../../control-plane/app.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { assembleQuotas } from '../../../control-plane/quotas/assemble-quotas.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { requestOf } from './ledger-fixture.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'

let platform: Platform
let app: Awaited<ReturnType<typeof buildApp>>
let quotas: ReturnType<typeof assembleQuotas>
const keys: Record<string, string> = {}

beforeAll(async () => {
  platform = await startPlatform()
  quotas = assembleQuotas(platform)
  for (const [name, tenantId, scope] of [['admin', 'a@x', 'admin'], ['reader', 'a@x', 'analyses:read'], ['other', 'b@x', 'admin']] as const) {
    keys[name] = (await platform.apiKeys.create(tenantId, { name, scopes: [scope], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
  }
  app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger: platform.logger, metrics: createMetrics(),
    authenticate: platform.authenticate, keptAnswers: keptAnswersOf(platform), readiness: [], routes: quotas.routes,
  })
})
afterAll(async () => {
  await app.close()
  await platform.close()
})

const call = async (method: 'GET' | 'PUT' | 'DELETE', path: string, { body, key = 'admin' }: { body?: object; key?: string } = {}) => {
  const response = await app.inject({ method, url: `/v1${path}`, headers: { authorization: `Bearer ${keys[key]}` }, ...(body === undefined ? {} : { payload: body }) })
  return { status: response.statusCode, body: response.body === '' ? {} : response.json<Record<string, unknown>>() }
}

test('an owner sets a quota, reads what is used of it, overrides it and removes it, each in the audit log', async () => {
  expect((await call('PUT', '/quotas/repository:7', { body: { limits: { day: { requests: 1 } } } })).status).toBe(200)
  await quotas.service.reserve(requestOf({ tenantId: 'a@x' }))
  expect((await call('GET', '/quotas/repository:7')).body).toMatchObject({ day: { limits: { requests: 1, tokens: null }, used: { requests: 1, tokens: 100 } }, warnAtPercent: [80, 95] })
  await expect(quotas.service.reserve(requestOf({ tenantId: 'a@x' }))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  const override = { limits: { day: { requests: 2 } }, reason: 'a release', until: new Date(Date.now() + 3_600_000).toISOString() }
  expect((await call('PUT', '/quotas/repository:7/override', { body: override })).body).toMatchObject({ day: { limits: { requests: 2 } }, limits: { day: { requests: 1 } } })
  await quotas.service.reserve(requestOf({ tenantId: 'a@x' }))
  expect((await call('DELETE', '/quotas/repository:7')).status).toBe(204)
  const entries = (await platform.audit.for('a@x').list({ limit: 99 })).filter(({ subject }) => subject === 'repository:7')
  expect(entries.map(({ action, details }) => [action, details.before === null, details.after === null])).toEqual([['quota.set', true, false], ['quota.set', false, false], ['quota.removed', false, true]])
})

test('another tenant sees nothing, and a key without the scope admin may not look', async () => {
  await call('PUT', '/quotas/tenant', { body: { limits: {} } })
  expect((await call('GET', '/quotas/tenant', { key: 'other' })).status).toBe(404)
  expect((await call('GET', '/quotas', { key: 'other' })).body).toEqual({ quotas: [] })
  expect((await call('GET', '/quotas/tenant', { key: 'reader' })).status).toBe(403)
})

test.each([
  [-1, 'must not be negative'], [0.5, 'must be a whole number'], [1e300, 'must be at most'], ['NaN', 'must be a number, not of type string'], [{ $gt: '' }, 'the key $gt is not accepted'], [{ gt: '' }, 'must be a number, not of type object'],
])('a limit of %j is refused with its own message', async (tokens, message) => {
  const { status, body } = await call('PUT', '/quotas/tenant', { body: { limits: { month: { tokens } } } })
  expect([status, body.code, String(body.detail)]).toEqual([400, 'BODY_INVALID', expect.stringContaining(message)])
})

test.each([['NaN', 'BODY_MALFORMED', 'not readable JSON'], ['1e999', 'BODY_INVALID', 'must be at most 1000000000000000, and Infinity is more'], ['9007199254740993', 'BODY_INVALID', 'must be at most'], ['-0.5', 'BODY_INVALID', 'must not be negative, and -0.5 is']])('a limit written %s in the JSON is refused with its own message, in a quota and in an override', async (written, code, message) => {
  await call('PUT', '/quotas/actor:bad', { body: { limits: {} } })
  const limits = `"limits":{"day":{"requests":${written}}}`
  for (const [path, payload] of [['', `{${limits}}`], ['/override', `{${limits},"reason":"a release","until":"2999-01-01T00:00:00Z"}`]] as const) {
    const response = await app.inject({ method: 'PUT', url: `/v1/quotas/actor:bad${path}`, headers: { authorization: `Bearer ${keys.admin ?? ''}`, 'content-type': 'application/json' }, payload })
    const problem = response.json<{ code: string; title: string; detail?: string }>()
    expect([response.statusCode, problem.code, `${problem.title} ${problem.detail ?? ''}`]).toEqual([400, code, expect.stringContaining(message)])
  }
})

test.each([[{ reason: ' ' }, 'reason'], [{ until: 'tomorrow' }, 'until'], [{ until: '2020-01-01T00:00:00Z' }, 'until must be in the future, and 2020-01-01T00:00:00Z is not']])('an override with %j is refused', async (changes, message) => {
  await call('PUT', '/quotas/actor:bad', { body: { limits: {} } })
  const { status, body } = await call('PUT', '/quotas/actor:bad/override', { body: { limits: {}, reason: 'a release', until: '2999-01-01T00:00:00Z', ...changes } })
  expect([status, String(body.detail)]).toEqual([400, expect.stringContaining(message)])
})

test('the longest name that a quota can have can be asked for', async () => {
  const id = `actor:${'a'.repeat(194)}`
  expect((await call('PUT', `/quotas/${id}`, { body: { limits: {} } })).status).toBe(200)
  expect((await call('GET', `/quotas/${id}`)).body).toMatchObject({ id })
  expect((await call('GET', `/quotas/${id}a`)).body).toMatchObject({ code: 'BODY_INVALID' })
})

test.each(['nobody', 'actor:', 'team:1'])('the name %j is refused', async (id) => {
  expect((await call('GET', `/quotas/${id}`)).body).toMatchObject({ code: 'QUOTA_ID_INVALID' })
})

test('the routes are in the documentation', async () => {
  const { paths } = (await app.inject({ method: 'GET', url: '/docs/json' })).json<{ paths?: Record<string, unknown> }>()
  expect(Object.keys(paths ?? {})).toEqual(['/v1/quotas', '/v1/quotas/{id}', '/v1/quotas/{id}/override', '/v1/usage', '/v1/usage/forecast'])
})
