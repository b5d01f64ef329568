// Metrics over a real service: analyses, webhooks and their queues, GitHub and its limits; and the table that explains them.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { observeGithub } from '../../../control-plane/github/observe-github.ts'
import { createMetrics, type Metrics } from '../../../control-plane/operations/metrics.ts'
import { NO_TRACING } from '../../../control-plane/tracing/tracing.ts'
import { submissionOf, submitAndWait, workflowRun } from '../analyses/service-fixture.ts'
import { pushPayload, startWebhookFixture, type WebhookFixture } from '../webhooks/webhook-fixture.ts'
import { printed, valueOf } from './printed-metrics.ts'

let fixture: WebhookFixture
let metrics: Metrics
let now = 0

beforeAll(async () => {
  metrics = createMetrics(() => now)
  fixture = await startWebhookFixture({ metrics, observe: (github) => observeGithub({ fetch, github, metrics, tracing: NO_TRACING }) })
})
afterAll(() => fixture.close())

/** As a scrape that comes later than the last one. */
const read = () => {
  now += 60_000
  return printed(metrics)
}
const submitted = async (name: string) => {
  const { fullName, id, commit } = await fixture.service.repository(name)
  return { submission: submissionOf({ commit, repository: fullName }), principal: workflowRun(fixture.service.tenant, { sha: commit, repositoryId: id, fullName }) }
}

test('what waits is counted, with the age of the oldest, until a worker takes it', async () => {
  const before = await read()
  expect([valueOf(before, 'queue_waiting', { queue: 'backlog' }), valueOf(before, 'queue_oldest_seconds', { queue: 'admitted' }), valueOf(before, 'dead_letters')]).toEqual([0, 0, 0])
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const { submission, principal } = await submitted(`waiting-${name}`)
    await fixture.analyses.service.submit(submission, { principal, correlationId: 'c-1', logger: { warn: () => undefined } })
  }
  const waiting = await read()
  expect([valueOf(waiting, 'queue_waiting', { queue: 'backlog' }), valueOf(waiting, 'queue_waiting', { queue: 'admitted' })]).toEqual([1, 4])
  expect(valueOf(waiting, 'queue_oldest_seconds', { queue: 'admitted' })).toBeGreaterThan(0)
  await fixture.analyses.worker.start()
  await expect.poll(async () => valueOf(await read(), 'analyses_ended_total', { state: 'done' }), { timeout: 60_000 }).toBe(5)
  const after = await read()
  expect([valueOf(after, 'queue_waiting', { queue: 'backlog' }), valueOf(after, 'queue_waiting', { queue: 'admitted' })]).toEqual([0, 0])
  expect([valueOf(after, 'analysis_attempts_total', { end: 'done' }), valueOf(after, 'analysis_attempt_seconds_count', { end: 'done' }), valueOf(after, 'analysis_step_seconds_count', { step: 'read' })]).toEqual([5, 5, 5])
  expect(valueOf(after, 'fix_pull_requests_total', { state: 'opened' })).toBe(5)
}, 90_000)

test('analyses that fail or are superseded are counted by how', async () => {
  const { submission, principal } = await submitted('failing')
  fixture.service.github.fault({ when: ({ path }) => path.includes('/git/trees/'), respond: { kind: 'status', status: 404 }, times: 1 })
  expect(await submitAndWait(fixture.analyses, submission, { principal })).toMatchObject({ state: 'failed', error: { code: 'COMMIT_NOT_FOUND' } })
  await fixture.analyses.worker.stop(5_000)
  const older = await submitted('superseded')
  const commit = await fixture.service.github.commit({ repo: older.submission.repository, branch: 'main', message: 'newer', files: { 'README.md': 'newer\n' } })
  const context = { correlationId: 'c-1', logger: { warn: () => undefined } }
  await fixture.analyses.service.submit(older.submission, { ...context, principal: older.principal })
  await fixture.analyses.service.submit({ ...older.submission, commit }, { ...context, principal: { ...older.principal, sha: commit } as typeof older.principal })
  const samples = await read()
  expect([valueOf(samples, 'analyses_ended_total', { state: 'failed', code: 'COMMIT_NOT_FOUND' }), valueOf(samples, 'analyses_ended_total', { state: 'superseded', code: '' })]).toEqual([1, 1])
})

test("GitHub's requests are counted by kind of token and class of status, with what is left", async () => {
  const { requests } = fixture.service.github
  const samples = await read()
  const classes = ['2xx', '3xx', '4xx', '5xx', 'none'].map((status) => valueOf(samples, 'github_request_seconds_count', { status }) ?? 0)
  expect(classes[0]).toBe(requests.all().filter(({ status }) => status >= 200 && status < 300).length)
  expect(classes.reduce((sum, count) => sum + count, 0)).toBe(requests.count())
  expect(valueOf(samples, 'github_rate_limited_total')).toBeNull()
  expect(valueOf(samples, 'github_rate_limit_remaining', { token: 'installation', resource: 'core' })).toBe(5_000 - requests.all().filter(({ status }) => status !== 304).length)
})

test('webhook deliveries are counted at the door and when they are worked off', async () => {
  const shop = await fixture.service.repository('delivered')
  const payload = pushPayload(shop, fixture.service.ownerId, { branch: 'main', after: shop.commit })
  for (const delivery of [{ event: 'push', id: 'd-1', payload }, { event: 'push', id: 'd-1', payload }, { event: 'ping', payload: {} }, { event: 'push', payload: {} }]) await fixture.deliver(delivery)
  const waiting = await read()
  expect(['accepted', 'known', 'ignored', 'refused', 'failed'].map((outcome) => valueOf(waiting, 'webhook_deliveries_total', { outcome }))).toEqual([1, 1, 1, 1, null])
  expect(valueOf(waiting, 'queue_waiting', { queue: 'webhooks' })).toBe(1)
  fixture.webhooks.worker.start()
  await expect.poll(async () => valueOf(await read(), 'webhook_deliveries_processed_total', { outcome: 'done' }), { timeout: 10_000 }).toBe(1)
  expect(valueOf(await read(), 'queue_waiting', { queue: 'webhooks' })).toBe(0)
})

test("docs/runbook.md's table of metrics is what is printed: names, types, labels", async () => {
  const rows = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^\| `(autodevops_\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(([, name = '', type, labels = '']) => ({ name, type, labels: labels.match(/\w+/g) ?? [] }))
  const isOurs = (name: string): boolean => !/^autodevops_(?:nodejs|process)_/.test(name)
  const types = [...(await metrics.print()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type]) => [name, type]).filter(([name]) => isOurs(name ?? ''))
  expect(rows.map(({ name, type }) => [name, type]).sort()).toEqual(types.sort())
  const samples = (await read()).filter(({ name }) => isOurs(name))
  for (const { name, labels } of samples) {
    const row = rows.find((each) => each.name === name.replace(/_(?:bucket|sum|count)$/, ''))
    expect([name, Object.keys(labels).filter((label) => label !== 'le').sort()]).toEqual([name, [...(row?.labels ?? [])].sort()])
  }
})
