// Which fix pull requests an analysis opens under a policy, through the code host.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../control-plane/database/new-id.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { parseFixMarker } from '../../../pull-request/fix-marker.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'

let fixture: ServiceFixture
let service: AnalysesModule
let version = 0

beforeAll(async () => {
  fixture = await startServiceFixture()
  // One analysis ends while GitHub has a request of another one.
  service = fixture.assemble({ githubTimeoutMs: 20_000 })
  await service.worker.start()
})
afterAll(async () => {
  await service.worker.stop(1_000)
  await fixture.close()
})

const setPolicy = async (text: string) => {
  await fixture.repositories.policies.put({ text, reason: 'test' }, { principal: workflowRun(fixture.tenant, { sha: '0'.repeat(40), repositoryId: '1', fullName: 'acme/any' }), seen: version, correlationId: 'c' })
  version++
}
const pushTo = async (shop: { readonly id: string; readonly fullName: string }, text: string) =>
  ({ ...shop, commit: await fixture.github.commit({ repo: shop.fullName, branch: 'main', message: text, files: { [CI_PATH]: `${DRIFTED}      - run: echo ${text}\n` } }) })
/** That the one pull request speaks of its branch's head, which repairs the workflow with this text. */
const expectToSpeakOf = async ({ fullName }: { readonly fullName: string }, { commit, text }: { readonly commit: string; readonly text: string }) => {
  const pulls = await fixture.github.listPullRequests(fullName)
  expect(pulls).toMatchObject([{ number: 1, state: 'open', body: expect.stringContaining(`analysed at ${commit}`) as string }])
  expect(parseFixMarker(pulls[0]?.body)).toMatchObject({ base: commit, head: await fixture.github.branchHead(fullName, 'autodevops/fix-main') })
  expect(await fixture.github.readFile(fullName, 'autodevops/fix-main', CI_PATH)).toContain(`echo ${text}`)
  expect(await fixture.github.listComments(fullName, 1)).toEqual([])
}
const analyse = async (shop: { readonly id: string; readonly fullName: string; readonly commit: string }, fixPr: 'never' | 'safe' = 'safe') => {
  const { outcome } = await submitAndWait(service, submissionOf({ commit: shop.commit, repository: shop.fullName, options: { profile: 'regular', fixPr } }), {
    principal: workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName }),
  })
  return outcome?.pullRequest
}

test('opens as many as the policy allows, and tells the next one what it waits for', async () => {
  await setPolicy('pull-requests: { max-open: 1 }\n')
  const [one, two] = [await fixture.repository('one'), await fixture.repository('two')]
  expect(await analyse(one)).toMatchObject({ state: 'opened' })
  expect(await analyse(two)).toMatchObject({ state: 'waiting', number: null, reason: expect.stringContaining('pull-requests.max-open') as string })
  expect(await fixture.github.listPullRequests(two.fullName)).toEqual([])
  expect(await fixture.audit('pull-request.waiting')).toEqual([])
  await setPolicy('pull-requests: { max-open: 2, max-per-day: 1 }\n')
  expect(await analyse(two)).toMatchObject({ state: 'waiting', reason: expect.stringContaining('pull-requests.max-per-day') as string })
  await setPolicy('pull-requests: { max-open: 2, max-per-day: 2 }\n')
  expect(await analyse(two)).toMatchObject({ state: 'opened' })
})

test('a repository that wants none gets none', async () => {
  await setPolicy('pull-requests: { max-open: 100, max-per-day: 100 }\n')
  const shop = await fixture.repository('modest', { '.github/workflows/ci.yml': 'on: push\njobs:\n  test:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: make\n', '.github/autodevops.yml': 'pull-requests: { max-open: 0 }\n' })
  expect(await analyse(shop)).toMatchObject({ state: 'waiting', reason: expect.stringContaining('0 fix pull requests may be open') as string })
})

test('what the code host refuses takes no place', async () => {
  await setPolicy('pull-requests: { max-open: 100, max-per-day: 3 }\n')
  await fixture.giveToken({ contents: 'read', pull_requests: 'write', issues: 'write', metadata: 'read' })
  const shop = await fixture.repository('closed')
  expect(await analyse(shop)).toMatchObject({ state: 'refused' })
  await fixture.giveToken()
  const other = await fixture.repository('open')
  expect(await analyse(other)).toMatchObject({ state: 'opened' })
})

test('an opening whose attempt never came back is told by the next analysis that sees it, once', async () => {
  await setPolicy('pull-requests: { max-open: 100, max-per-day: 100 }\n')
  const shop = await fixture.repository('untold')
  const ofShop = async () => (await fixture.audit('pull-request.opened')).filter(({ subject }) => subject === shop.fullName)
  expect(await analyse(shop)).toMatchObject({ state: 'opened' })
  expect(await ofShop()).toHaveLength(1)
  const { db } = fixture.database
  await db.collection('audit').deleteMany({ subject: shop.fullName })
  await db.collection<{ repositoryId: string }>('fix-pull-requests').updateOne({ repositoryId: shop.id }, { $set: { state: 'opening', openingId: newId(new Date()) } })
  for (const text of ['two\n', 'three\n']) {
    const commit = await fixture.github.commit({ repo: shop.fullName, branch: 'main', message: text, files: { 'README.md': text } })
    expect(await analyse({ ...shop, commit })).toMatchObject({ state: 'unchanged', number: 1 })
    expect(await ofShop()).toMatchObject([{ details: { number: 1 } }])
  }
})

test('an attempt that lost its lease between push and text is told by the next one, although the default branch has moved on', async () => {
  const shop = await fixture.repository('frozen')
  expect(await analyse(shop)).toMatchObject({ state: 'opened' })
  const slow = await pushTo(shop, 'slow')
  const isText = ({ method, path }: { readonly method: string; readonly path: string }) => method === 'PATCH' && path === `/repos/${shop.fullName}/pulls/1`
  fixture.github.interrupt({ when: isText, run: async () => {
    await pushTo(shop, 'moved')
    await fixture.database.db.collection('analyses').updateOne({ commit: slow.commit }, { $set: { 'lease.token': 'of nobody', 'lease.until': new Date(0) } })
    await vi.waitFor(() => { expect(fixture.logs.join('')).toContain('another worker has taken over') }, { timeout: 10_000 })
  } })
  fixture.github.fault({ when: isText, respond: { kind: 'close' }, times: 1 })
  expect(await analyse(slow)).toMatchObject({ state: 'updated', number: 1 })
  await expectToSpeakOf(shop, { commit: slow.commit, text: 'slow' })
  expect((await fixture.audit('pull-request.updated')).filter(({ subject }) => subject === shop.fullName)).toHaveLength(1)
})

test('an opening whose answer was lost is recorded by its next attempt, although the default branch has moved on', async () => {
  const shop = await fixture.repository('unheard')
  const isOpening = ({ method, path }: { readonly method: string; readonly path: string }) => method === 'POST' && path === `/repos/${shop.fullName}/pulls`
  fixture.github.interrupt({ when: isOpening, run: async () => { await pushTo(shop, 'moved') } })
  fixture.github.fault({ when: isOpening, respond: { kind: 'cut-off' }, times: 1 })
  expect(await analyse(shop)).toMatchObject({ state: 'opened', number: 1 })
  expect(await fixture.database.db.collection('fix-pull-requests').findOne({ repositoryId: shop.id })).toMatchObject({ state: 'open', number: 1 })
  expect((await fixture.audit('pull-request.opened')).filter(({ subject }) => subject === shop.fullName)).toHaveLength(1)
})

test('a text that comes after that of a newer analysis gives way to it', async () => {
  const shop = await fixture.repository('late')
  expect(await analyse(shop)).toMatchObject({ state: 'opened' })
  const slow = await pushTo(shop, 'slow')
  let newer = slow
  fixture.github.interrupt({ when: ({ method, path }) => method === 'PATCH' && path === `/repos/${shop.fullName}/pulls/1`, run: async () => {
    newer = await pushTo(shop, 'newer')
    expect(await analyse(newer)).toMatchObject({ state: 'updated' })
  } })
  expect(await analyse(slow)).toMatchObject({ state: 'updated' })
  await expectToSpeakOf(shop, { commit: newer.commit, text: 'newer' })
})
