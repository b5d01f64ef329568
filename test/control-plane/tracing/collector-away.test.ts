// A collector that refuses, hangs or is not there costs spans and one line in the log.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTracing } from '../../../control-plane/tracing/open-tracing.ts'
import { NO_TRACING, type Tracing } from '../../../control-plane/tracing/tracing.ts'
import { startCollector, type Collector } from '../../otlp-collector/start-collector.ts'
import { settingsFor, traceTo } from './traced.ts'

/** So many ended spans are sent at once. */
const BATCH = 512
let collector: Collector
let lines: string[]

beforeEach(async () => {
  collector = await startCollector()
  lines = []
})
afterEach(() => collector.close())

const open = (endpoint = collector.endpoint) => {
  const log = (...said: unknown[]): void => { lines.push(String(said.at(-1))) }
  return openTracing(settingsFor(endpoint), { logger: { warn: log, info: log } as Parameters<typeof openTracing>[1]['logger'] })
}
const fillBatch = (tracing: Tracing): void => { for (let count = 0; count < BATCH; count++) tracing.begin('work', { kind: 'internal' }).end() }
const whenRequests = (count: number) => expect.poll(() => collector.requests.length, { timeout: 10_000 }).toBe(count)
const WARNING = 'the collector does not take traces: they are dropped until it does'

test('one that refuses is said once, and once again when it takes them', async () => {
  const tracing = await open()
  collector.mode = 'refuse'
  fillBatch(tracing)
  await expect.poll(() => lines).toEqual([WARNING])
  fillBatch(tracing)
  await whenRequests(2)
  collector.mode = 'take'
  fillBatch(tracing)
  await expect.poll(() => lines).toEqual([WARNING, 'the collector takes traces again'])
  expect(collector.spans).toHaveLength(BATCH)
  await tracing.stop()
})

test('one that hangs or is not there keeps nobody from ending', async () => {
  const hanging = await open()
  collector.mode = 'hang'
  fillBatch(hanging)
  await whenRequests(1)
  hanging.begin('the last one', { kind: 'internal' }).end()
  await hanging.stop()
  const missing = await open('http://127.0.0.1:9')
  missing.begin('lost', { kind: 'internal' }).end()
  await missing.stop()
  expect(collector.spans).toEqual([])
})

test('stopping sends what is left', async () => {
  const tracing = await open()
  tracing.begin('the last one', { kind: 'internal' }).end()
  expect(collector.requests).toEqual([])
  await tracing.stop()
  expect(collector.spans).toMatchObject([{ name: 'the last one', parentId: '' }])
})

test('the sampler decides, and a caller who does not sample is followed where it has a say', async () => {
  const unsampled = { kind: 'server', parent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' } as const
  for (const sampler of ['always_off', 'parentbased_always_off', 'parentbased_always_on', 'always_on'] as const) {
    const tracing = await traceTo(collector.endpoint, { sampler })
    tracing.begin(`${sampler}, asked by nobody`, { kind: 'server', parent: null }).end()
    tracing.begin(`${sampler}, unsampled by the caller`, unsampled).end()
    tracing.begin(`${sampler}, asked by garbage`, { kind: 'server', parent: `00-${'0'.repeat(32)}-canary-01` }).end()
    await tracing.stop()
  }
  expect(collector.spans.map(({ name }) => name)).toEqual([
    'parentbased_always_on, asked by nobody', 'parentbased_always_on, asked by garbage',
    'always_on, asked by nobody', 'always_on, unsampled by the caller', 'always_on, asked by garbage',
  ])
})

test('without settings there is nothing: no span, no context to hand on', async () => {
  const tracing = await openTracing(null, { logger: { warn: () => undefined, info: () => undefined } as Parameters<typeof openTracing>[1]['logger'] })
  expect(tracing).toBe(NO_TRACING)
  expect(tracing.begin('work', { kind: 'internal' }).within(() => tracing.traceparent())).toBeNull()
})
