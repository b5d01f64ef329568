// Which fix pull requests an analysis opens under a policy, through the code host.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../control-plane/database/new-id.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'

let fixture: ServiceFixture
let service: AnalysesModule
let version = 0

beforeAll(async () => {
  fixture = await startServiceFixture()
  service = fixture.assemble()
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
