// What people do with a fix pull request: commands in comments, merging, closing; and who is next when there is room again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '../../../control-plane/secret.ts'
import { submissionOf, submitAndWait, workflowRun } from '../analyses/service-fixture.ts'
import { closedFixPayload, commentPayload, pushPayload, startWebhookFixture, type WebhookFixture } from './webhook-fixture.ts'

const FIX = 'autodevops/fix-main'
const PATIENCE = { timeout: 15_000 }
let fixture: WebhookFixture

beforeAll(async () => {
  fixture = await startWebhookFixture()
  await fixture.service.liftBudget()
  fixture.webhooks.worker.start()
  await fixture.analyses.worker.start()
})
afterAll(() => fixture.close())

interface Shop { readonly fullName: string; readonly id: string; readonly commit: string }
const worker = (shop: Shop) => ({ principal: workflowRun(fixture.service.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName }) })
const settled = () => expect.poll(() => fixture.pending(), PATIENCE).toBe(0)
const withPullRequest = async (name: string): Promise<Shop> => {
  const shop = await fixture.service.repository(name)
  fixture.service.github.setPermission(shop.fullName, 'lena', 'write')
  const ended = await submitAndWait(fixture.analyses, submissionOf({ commit: shop.commit, repository: shop.fullName }), worker(shop))
  expect(ended.outcome?.pullRequest).toMatchObject({ state: 'opened', number: 1 })
  return shop
}
const say = async (shop: Shop, body: string, by = 'lena', number = 1) => {
  await fixture.deliver({ event: 'issue_comment', payload: commentPayload(shop, fixture.service.ownerId, { number, body, by }) })
  await settled()
}
const pulls = async ({ fullName }: Shop) => (await fixture.service.github.listPullRequests(fullName)).map(({ state }) => state)
const comments = async ({ fullName }: Shop) => (await fixture.service.github.listComments(fullName, 1)).map(({ body }) => body)
const analyse = (shop: Shop) => submitAndWait(fixture.analyses, submissionOf({ commit: shop.commit, repository: shop.fullName }), worker(shop))

test('close closes it, says for whom, and it does not come back for the same fixes', async () => {
  const shop = await withPullRequest('closing')
  await say(shop, 'No.\n/autodevops close')
  expect(await pulls(shop)).toEqual(['closed'])
  expect(await comments(shop)).toEqual([expect.stringMatching(/^<!-- autodevops-command delivery=[\w-]+ -->\nClosed, as @lena asked\. It does not come back for the same fixes\.$/)])
  expect(await fixture.service.audit('pull-request.command')).toMatchObject([{ actor: 'github:lena', subject: shop.fullName, details: { number: 1, name: 'close' } }])
  const commit = await fixture.service.github.commit({ repo: shop.fullName, branch: 'main', message: 'more', files: { 'README.md': 'more\n' } })
  expect((await analyse({ ...shop, commit })).outcome?.pullRequest).toMatchObject({ state: 'declined' })
  await say(shop, '/autodevops close')
  expect(await comments(shop)).toHaveLength(1)
})

test('snooze closes it until a day, and then what is left comes back', async () => {
  const shop = await withPullRequest('snoozing')
  await say(shop, '/autodevops snooze 30d')
  const until = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10)
  expect(await pulls(shop)).toEqual(['closed'])
  expect(await comments(shop)).toEqual([expect.stringContaining(`Closed until ${until}, as @lena asked`)])
  const commit = await fixture.service.github.commit({ repo: shop.fullName, branch: 'main', message: 'more', files: { 'README.md': 'more\n' } })
  expect((await analyse({ ...shop, commit })).outcome?.pullRequest).toMatchObject({ state: 'waiting', reason: `it is snoozed until ${until}` })
  const records = fixture.service.database.db.collection<{ repositoryId: string }>('fix-pull-requests')
  await records.updateOne({ repositoryId: shop.id }, { $set: { snoozedUntil: new Date(0) } })
  expect((await analyse({ ...shop, commit })).outcome?.pullRequest).toMatchObject({ state: 'opened', number: 2 })
})

const ANSWER = { method: 'POST', rest: 'issues/1/comments' }
const CLOSING = { method: 'PATCH', rest: 'pulls/1' }
test.each([
  ['before its answer', ANSWER, 'close'], ['after its answer', ANSWER, 'cut-off'],
  ['before its closing', CLOSING, 'close'], ['after its closing', CLOSING, 'cut-off'],
] as const)('a command that is cut %s is done to the end by the next attempt, each part once', async (_at, { method, rest }, kind) => {
  const { service } = fixture
  const shop = await withPullRequest(`cut-${method}-${kind}`.toLowerCase())
  service.github.fault({ when: (request) => request.method === method && request.path === `/repos/${shop.fullName}/${rest}`, respond: { kind }, times: 1 })
  await say(shop, '/autodevops snooze 30d')
  expect(await pulls(shop)).toEqual(['closed'])
  expect(await comments(shop)).toEqual([expect.stringContaining('as @lena asked')])
  expect((await service.audit('pull-request.command')).filter(({ subject }) => subject === shop.fullName)).toHaveLength(1)
  const delivery = await service.database.db.collection<{ receivedAt: Date; attempts: number }>('webhook-deliveries').findOne({ 'work.repository.id': shop.id })
  const record = await service.database.db.collection('fix-pull-requests').findOne({ repositoryId: shop.id })
  expect(delivery).toMatchObject({ attempts: 2 })
  expect(record).toMatchObject({ state: 'closed', snoozedUntil: new Date(Number(delivery?.receivedAt) + 30 * 24 * 3600 * 1000) })
})

test('rebase takes the newest base into the branch', async () => {
  const shop = await withPullRequest('rebasing')
  const before = await fixture.service.github.branchHead(shop.fullName, FIX)
  const base = await fixture.service.github.commit({ repo: shop.fullName, branch: 'main', message: 'more', files: { 'README.md': 'more\n' } })
  await say(shop, '/autodevops rebase')
  await expect.poll(() => fixture.service.github.branchHead(shop.fullName, FIX), PATIENCE).not.toBe(before)
  const head = (await fixture.service.github.branchHead(shop.fullName, FIX)) ?? ''
  expect((await fixture.service.github.readCommit(shop.fullName, head)).parents.map(({ sha }) => sha)).toEqual([before, base])
  expect(await fixture.service.github.readFile(shop.fullName, FIX, 'README.md')).toBe('more\n')
})

test.each(['ravi', 'nobody'])('a command of %s, who may not write, does nothing', async (by) => {
  const shop = await withPullRequest(`guarded-${by}`)
  const before = (await fixture.service.audit('pull-request.command')).length
  await say(shop, '/autodevops close', by)
  expect([await pulls(shop), await comments(shop)]).toEqual([['open'], []])
  expect(await fixture.service.audit('pull-request.command')).toHaveLength(before)
})

test('a command under somebody else\'s pull request does nothing', async () => {
  const shop = await withPullRequest('other')
  await fixture.service.github.commit({ repo: shop.fullName, branch: 'topic', message: 'topic', files: { 'README.md': 'topic\n' } })
  const { number } = await fixture.service.github.createPullRequest({ repo: shop.fullName, head: 'topic', base: 'main', title: 'Topic' })
  await say(shop, '/autodevops close', 'lena', number)
  expect(await pulls(shop)).toEqual(['open', 'open'])
})

test('a command of an organisation that does not own the repository any more does nothing, though its token still reaches it', async () => {
  const { github, platform } = fixture.service
  const shop = await withPullRequest('transferred')
  github.redirectFrom('globex/transferred', shop.fullName)
  const globex = await platform.tenants.create({ issuerHost: fixture.service.tenant.issuerHost, ownerId: '777', ownerName: 'globex', aiEnabled: false })
  await platform.credentials.storeGitHubToken(globex.id, new Secret(await fixture.service.giveToken()), { actor: 'operator', correlationId: null })
  await fixture.deliver({ event: 'issue_comment', payload: commentPayload({ fullName: 'globex/transferred', id: shop.id }, 777, { number: 1, body: '/autodevops close', by: 'lena' }) })
  await settled()
  expect([await pulls(shop), await comments(shop)]).toEqual([['open'], []])
  expect(fixture.service.logs.filter((line) => line.includes('were given up')).at(-1)).toContain('REPOSITORY_NOT_FOUND')
})

const listed = async ({ id }: Shop) => {
  const key = await fixture.app.keyOf(fixture.service.tenant.id, ['analyses:read'])
  return (await fixture.app.call<{ readonly items: readonly { readonly state: string; readonly number: number | null }[] }>(key, `/pull-requests?repository=${id}`)).body.items
}

test('the list says what became of it: open, merged, closed by a person, or without anything left to repair', async () => {
  const { github, ownerId } = fixture.service
  const [merged, closed, late] = [await withPullRequest('list-merged'), await withPullRequest('list-closed'), await withPullRequest('list-late')]
  expect(await listed(merged)).toMatchObject([{ state: 'open', number: 1, fixes: 'safe', severity: 'high', repairs: { files: 1, paths: ['.github/workflows/ci.yml'] } }])
  await github.mergePullRequest(merged.fullName, 1)
  await github.closePullRequest(closed.fullName, 1)
  for (const shop of [merged, closed]) await fixture.deliver({ event: 'pull_request', payload: closedFixPayload(shop, ownerId, 1) })
  await settled()
  expect([await listed(merged), await listed(closed)]).toMatchObject([[{ state: 'merged', number: 1 }], [{ state: 'closed', number: 1 }]])
  // Nobody told, but the analysis of what was merged finds nothing.
  await github.mergePullRequest(late.fullName, 1)
  const commit = await github.branchHead(late.fullName, 'main')
  expect((await analyse({ ...late, commit: commit ?? '' })).outcome?.pullRequest).toMatchObject({ state: 'none' })
  expect(await listed(late)).toMatchObject([{ state: 'merged', number: 1 }])
})

test('when one is merged, the gravest that waits is next, and a push keeps an open one in step', async () => {
  const { service } = fixture
  const first = await withPullRequest('first')
  const records = service.database.db.collection<{ state: string; repository: string }>('fix-pull-requests')
  const open = await records.countDocuments({ slot: { $gte: 0 } })
  await service.repositories.policies.put({ text: `pull-requests: { max-open: ${open}, max-per-day: 1000 }\n`, reason: 'test' }, { ...worker(first), seen: 1, correlationId: 'c' })
  const mild = await service.repository('mild', { '.github/workflows/ci.yml': 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: echo "::set-output name=a::1"\n' })
  const grave = await service.repository('grave')
  for (const shop of [mild, grave]) expect((await analyse(shop)).outcome?.pullRequest, shop.fullName).toMatchObject({ state: 'waiting' })
  await service.github.mergePullRequest(first.fullName, 1)
  await fixture.deliver({ event: 'pull_request', payload: closedFixPayload(first, service.ownerId, 1) })
  await expect.poll(() => pulls(grave), PATIENCE).toEqual(['open'])
  expect(await pulls(mild)).toEqual([])
  const repaired = (await service.github.readFile(grave.fullName, FIX, '.github/workflows/ci.yml')) ?? ''
  const commit = await service.github.commit({ repo: grave.fullName, branch: 'main', message: 'by hand', files: { '.github/workflows/ci.yml': repaired } })
  await fixture.deliver({ event: 'push', payload: pushPayload(grave, service.ownerId, { branch: 'main', after: commit }) })
  await expect.poll(() => pulls(grave), PATIENCE).toEqual(['closed'])
})
