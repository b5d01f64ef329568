// Deliveries as GitHub sends them, and as it does not: forged, repeated, too large, about strangers.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tenantIdOf } from '../../../control-plane/tenants/tenants-store.ts'
import { CI_PATH, DRIFTED, REPAIRED } from '../../pull-request/drifted-workflow.ts'
import { pullRequestPayload, pushPayload, SECRETS, startWebhookFixture, type WebhookFixture } from './webhook-fixture.ts'

let fixture: WebhookFixture

beforeAll(async () => {
  fixture = await startWebhookFixture()
  fixture.webhooks.worker.start()
  await fixture.analyses.worker.start()
})
afterAll(() => fixture.close())

const ofRepository = async ({ id }: { readonly id: string }) => (await fixture.service.documents()).filter(({ repositoryId }) => repositoryId === id)
const settled = () => expect.poll(() => fixture.pending(), { timeout: 10_000 }).toBe(0)

test('a push is accepted at once and its branch analysed from the code host\'s texts', async () => {
  const { service } = fixture
  const shop = await service.repository('pushed')
  const answer = await fixture.deliver({ event: 'push', payload: pushPayload(shop, service.ownerId, { branch: 'main', after: shop.commit }) })
  expect(answer).toEqual({ status: 202, body: { state: 'accepted' } })
  await expect.poll(() => ofRepository(shop), { timeout: 10_000 }).toMatchObject([{ state: 'done', commit: shop.commit, ref: 'refs/heads/main', actor: 'webhook' }])
  const [analysis] = await ofRepository(shop)
  expect(analysis?.outcome?.findings.length).toBeGreaterThan(0)
  expect((await service.repositories.store.for(service.tenant.id).get(shop.id))?.history).toHaveLength(1)
})

test('a pull request is analysed at its head', async () => {
  const { service } = fixture
  const shop = await service.repository('pulled')
  const commit = await service.github.commit({ repo: shop.fullName, branch: 'topic', message: 'topic', files: { 'README.md': 'topic\n' } })
  const { number } = await service.github.createPullRequest({ repo: shop.fullName, head: 'topic', base: 'main', title: 'Topic' })
  await fixture.deliver({ event: 'pull_request', payload: pullRequestPayload(shop, service.ownerId, { action: 'opened', number }) })
  await expect.poll(() => ofRepository(shop), { timeout: 10_000 }).toMatchObject([{ state: 'done', commit, ref: `refs/pull/${number}/head` }])
  expect((await fixture.deliver({ event: 'pull_request', payload: pullRequestPayload(shop, service.ownerId, { action: 'labeled', number }) })).body).toEqual({ state: 'ignored' })
})

test('a delivery that comes again is known, and changes nothing', async () => {
  const { service } = fixture
  const shop = await service.repository('replayed')
  const delivery = { event: 'push', id: 'replayed-1', payload: pushPayload(shop, service.ownerId, { branch: 'main', after: shop.commit }) }
  const states = await Promise.all([delivery, delivery, delivery].map(async (each) => (await fixture.deliver(each)).body.state))
  expect(states.sort()).toEqual(['accepted', 'known', 'known'])
  await settled()
  expect((await fixture.deliver(delivery)).body.state).toBe('known')
  expect(await ofRepository(shop)).toHaveLength(1)
})

test('both secrets of a rotation are accepted; a forged, missing or misplaced signature is not', async () => {
  const payload = { zen: 'Keep it logically awesome.' }
  for (const secret of SECRETS) expect((await fixture.deliver({ event: 'ping', payload, secret })).status).toBe(202)
  const wrong = [`sha256=${'0'.repeat(64)}`, '', 'sha1=abc', createHmac('sha256', SECRETS[0]).update(`${JSON.stringify(payload)} `).digest('hex'), `sha256=${createHmac('sha256', SECRETS[0]).update(`${JSON.stringify(payload)} `).digest('hex')}`]
  for (const signature of wrong) expect(await fixture.deliver({ event: 'ping', payload, signature })).toMatchObject({ status: 401, body: { code: 'WEBHOOK_SIGNATURE' } })
  expect(await fixture.deliver({ event: 'ping', payload, secret: '' })).toMatchObject({ status: 401 })
})

test('the signature is over the bytes: the same value written otherwise is refused', async () => {
  const signature = `sha256=${createHmac('sha256', SECRETS[0]).update('{"a":1}').digest('hex')}`
  expect((await fixture.deliver({ event: 'ping', payload: '{"a":1}', signature })).status).toBe(202)
  expect((await fixture.deliver({ event: 'ping', payload: '{"a": 1}', signature })).status).toBe(401)
})

test('signed nonsense is named, and a payload over the limit refused', async () => {
  for (const payload of ['{', '{}', '{"ref":{"$gt":""}}']) expect(await fixture.deliver({ event: 'push', payload })).toMatchObject({ status: 400, body: { code: 'BODY_MALFORMED' } })
  expect((await fixture.deliver({ event: 'push', payload: {}, id: '../x' })).status).toBe(400)
  expect(await fixture.deliver({ event: 'ping', payload: JSON.stringify('x'.repeat(24 * 2 ** 20)) })).toMatchObject({ status: 202 })
  const over = await fixture.deliver({ event: 'ping', payload: JSON.stringify('x'.repeat(25 * 2 ** 20)) }).then(({ status }) => status, () => 'closed')
  expect([413, 'closed']).toContain(over)
})

test('an installation makes a tenant and its repositories; what is taken away is marked, what is given back is not', async () => {
  const { service } = fixture
  const account = { id: 5151, login: 'newcomer' }
  const repository = { id: 616, full_name: 'newcomer/app' }
  await fixture.deliver({ event: 'installation', payload: { action: 'created', installation: { account }, repositories: [repository] } })
  await settled()
  const tenantId = tenantIdOf(service.tenant.issuerHost, '5151')
  const own = service.repositories.store.for(tenantId)
  expect(await service.platform.tenants.get(tenantId)).toMatchObject({ ownerName: 'newcomer', aiEnabled: false })
  expect(await own.get('616')).toMatchObject({ name: 'newcomer/app', removedAt: null })
  await fixture.deliver({ event: 'installation_repositories', payload: { action: 'removed', installation: { account }, repositories_added: [], repositories_removed: [repository] } })
  await settled()
  expect((await own.get('616'))?.removedAt).toBeInstanceOf(Date)
  expect(fixture.forgotten).toEqual([tenantId, tenantId])
  await fixture.deliver({ event: 'installation_repositories', payload: { action: 'added', installation: { account }, repositories_added: [repository], repositories_removed: [] } })
  await settled()
  expect((await own.get('616'))?.removedAt).toBeNull()
})

test('deliveries about strangers, vanished branches, our own fix branch and foreign repositories end without an analysis', async () => {
  const { service } = fixture
  const shop = await service.repository('quiet')
  const push = (changes: { branch?: string; ownerId?: number; id?: string }) =>
    fixture.deliver({ event: 'push', payload: pushPayload({ ...shop, id: changes.id ?? shop.id }, changes.ownerId ?? service.ownerId, { branch: changes.branch ?? 'main', after: shop.commit }) })
  await push({ ownerId: 999 })
  await push({ branch: 'vanished' })
  await push({ id: '12345' })
  expect((await push({ branch: 'autodevops/fix-main' })).body.state).toBe('ignored')
  await settled()
  expect(await ofRepository(shop)).toEqual([])
})

test('a code host that fails is asked again', async () => {
  const { service } = fixture
  const shop = await service.repository('weather')
  service.github.fault({ when: ({ path }) => path === '/repos/acme/weather', respond: { kind: 'status', status: 502 }, times: 1 })
  await fixture.deliver({ event: 'push', payload: pushPayload(shop, service.ownerId, { branch: 'main', after: shop.commit }) })
  await expect.poll(() => ofRepository(shop), { timeout: 10_000 }).toMatchObject([{ commit: shop.commit }])
  expect(service.logs.some((line) => line.includes('webhook deliveries are tried again'))).toBe(true)
})

test('answers a pull request by one comment that follows its head, and by a check run on the commit', async () => {
  const { service } = fixture
  const { github } = service
  await service.giveToken({ contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', checks: 'write', metadata: 'read' })
  const shop = await service.repository('answered')
  const push = (text: string) => github.commit({ repo: shop.fullName, branch: 'topic', message: text, files: { 'README.md': text, [CI_PATH]: text === 'repaired' ? REPAIRED : DRIFTED } })
  const first = await push('first')
  const { number } = await github.createPullRequest({ repo: shop.fullName, head: 'topic', base: 'main', title: 'Topic' })
  const event = (action: string) => fixture.deliver({ event: 'pull_request', payload: pullRequestPayload(shop, service.ownerId, { action, number }) })
  const doneAt = (commit: string) => expect.poll(async () => (await ofRepository(shop)).filter(({ state }) => state === 'done').map((each) => each.commit), { timeout: 15_000 }).toContain(commit)
  await event('opened')
  await doneAt(first)
  const [comment] = await github.listComments(shop.fullName, number)
  expect(comment?.body).toContain('retired-runner-image')
  const second = await push('repaired')
  await event('synchronize')
  await doneAt(second)
  const comments = await github.listComments(shop.fullName, number)
  expect(comments.map(({ id }) => id)).toEqual([comment?.id])
  expect(comments[0]?.body).not.toContain('retired-runner-image')
  const written = github.requests.all().filter(({ method, path }) => method === 'POST' && path.endsWith('/answered/check-runs'))
  expect(written.map(({ status }) => status)).toEqual([201, 201])
})

test('does without what the App may not write', async () => {
  const { service } = fixture
  await service.giveToken({ contents: 'read', pull_requests: 'read', metadata: 'read' })
  const shop = await service.repository('read-only')
  const commit = await service.github.commit({ repo: shop.fullName, branch: 'topic', message: 'topic', files: { 'README.md': 'topic\n' } })
  const { number } = await service.github.createPullRequest({ repo: shop.fullName, head: 'topic', base: 'main', title: 'Topic' })
  await fixture.deliver({ event: 'pull_request', payload: pullRequestPayload(shop, service.ownerId, { action: 'opened', number }) })
  await expect.poll(() => ofRepository(shop), { timeout: 10_000 }).toMatchObject([{ state: 'done', commit }])
  expect(await service.github.listComments(shop.fullName, number)).toEqual([])
  expect(service.logs.some((line) => line.includes('"checkRun":"forbidden","comment":"forbidden"'))).toBe(true)
})
