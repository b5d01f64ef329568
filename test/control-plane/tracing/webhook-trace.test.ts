import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCollector, type Collector } from '../../otlp-collector/start-collector.ts'
import { pushPayload, startWebhookFixture, type WebhookFixture } from '../webhooks/webhook-fixture.ts'
import { pathOf, traceTo } from './traced.ts'

let [collector, fixture] = [] as unknown as [Collector, WebhookFixture]
beforeAll(async () => { collector = await startCollector() })
afterAll(async () => {
  await Promise.all([collector.close(), fixture.close()])
})

test('what a webhook asks for is one trace, from the delivery to the answer at the commit', async () => {
  const tracing = await traceTo(collector.endpoint)
  fixture = await startWebhookFixture({ tracing })
  const { service } = fixture
  fixture.webhooks.worker.start()
  await fixture.analyses.worker.start()
  const shop = await service.repository('pushed')
  await fixture.deliver({ event: 'push', payload: pushPayload(shop, service.ownerId, { branch: 'main', after: shop.commit }), id: 'delivery-4711' })
  await expect.poll(async () => (await service.documents())[0]?.state, { timeout: 10_000 }).toBe('done')
  await fixture.analyses.worker.stop(5_000)
  await tracing.stop()
  const paths = collector.spans.map((span) => pathOf(span, collector.spans).join(' > '))
  const door = 'POST /v1/webhooks/github'
  expect(paths).toEqual(expect.arrayContaining([door, `${door} > webhook deliveries`, `${door} > webhook deliveries > analysis attempt`, `${door} > webhook deliveries > analysis attempt > analysis answer`]))
  expect(collector.spans.find(({ name }) => name === 'webhook deliveries')?.attributes).toEqual({ 'autodevops.tenant_id': service.tenant.id, 'autodevops.correlation_id': 'delivery-4711', 'autodevops.deliveries': 1 })
})
