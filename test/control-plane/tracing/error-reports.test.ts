// What a collector hears of failures: which, where in our code and under which request; never what an error says.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../control-plane/errors.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import type { Tracing } from '../../../control-plane/tracing/tracing.ts'
import { startCollector, type Collector } from '../../otlp-collector/start-collector.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'
import { traceTo } from './traced.ts'

const QUOTING = 'canary-of-an-error\n    at canary (/canary/of/a/frame.ts:1:1)'
let [collector, platform, tracing, app, key] = [] as unknown as [Collector, Platform, Tracing, ServiceApp, string]

beforeAll(async () => {
  collector = await startCollector()
  platform = await startPlatform()
  tracing = await traceTo(collector.endpoint)
  const { id } = await platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '7', ownerName: 'acme', aiEnabled: false })
  const logger = createLogger({ level: 'info', destination: { write: () => undefined }, onError: (error, message) => { tracing.report(error, message) } })
  const failures: Record<string, () => never> = {
    defect: () => { throw new TypeError(QUOTING) },
    outside: () => { throw new AppError('GITHUB_UNAVAILABLE', { detail: 'canary-of-a-detail' }) },
    caller: () => { throw new AppError('COMMIT_NOT_FOUND', { detail: 'canary-of-a-detail' }) },
  }
  app = await startServiceApp({ platform }, [(scope) => {
    scope.post('/fail/:how', (request) => failures[(request.params as { how: string }).how]?.())
  }], [], { tracing, logger, access: { 'POST /v1/fail/:how': { role: 'viewer', scope: 'analyses:read', runs: false } } })
  key = await app.keyOf(id, ['analyses:read'])
  for (const how of Object.keys(failures)) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-correlation-id': `canary-adk_${how}` }
    await fetch(`${app.address}/v1/fail/${how}`, { method: 'POST', headers, body: JSON.stringify({ how }) })
  }
  logger.error({ err: new RangeError('canary-of-an-error') }, 'something failed by itself')
  logger.error('something is wrong')
  logger.warn({ err: new Error('canary-of-a-warning') }, 'something heals by itself')
  await app.close()
  await tracing.stop()
})
afterAll(async () => {
  await Promise.all([collector.close(), platform.close()])
})

const requestOf = (status: number) => collector.spans.filter(({ attributes }) => attributes['http.response.status_code'] === status)

test('a defect fails its request, with the class of the error and where it was thrown', () => {
  const [span, ...others] = requestOf(500)
  expect(others).toEqual([])
  expect(span).toMatchObject({ name: 'POST /v1/fail/:how', failed: true, attributes: { 'error.type': 'TypeError' } })
  expect(span?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'the request failed' } }])
  expect(span?.events[0]?.attributes['exception.stacktrace']).toMatch(/^\s+at .*error-reports\.test\.ts:\d+:\d+/)
})

test('what is not our fault is no report: an outage fails its request, and a wrong request does not', () => {
  expect(requestOf(502)).toMatchObject([{ failed: true, attributes: { 'error.type': 'GITHUB_UNAVAILABLE' }, events: [] }])
  expect(requestOf(404)).toMatchObject([{ failed: false, attributes: { 'error.type': 'COMMIT_NOT_FOUND' }, events: [] }])
})

test('what somebody has to act on outside of a request is a trace of its own, and what heals is none', () => {
  const own = collector.spans.filter(({ name }) => name === 'error')
  expect(own.map(({ parentId, failed, events }) => [parentId, failed, events[0]?.attributes['exception.type'], events[0]?.attributes['exception.message']])).toEqual([
    ['', true, 'RangeError', 'something failed by itself'], ['', true, 'undefined', 'something is wrong'],
  ])
})

test('nothing that an error says is sent, nor a key that a caller wrote where it does not belong', () => {
  const sent = Buffer.concat(collector.requests.map(({ body }) => body)).toString('latin1')
  for (const canary of ['canary-of', '/canary/', 'adk_', key]) expect([canary, sent.includes(canary)]).toEqual([canary, false])
})
