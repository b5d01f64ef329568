// Models in an analysis from its submission to its pull request.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { AppError } from '../../../control-plane/errors.ts'
import { answerHonestly } from '../../model-server/answer-honestly.ts'
import { startModelServer, type ModelServer } from '../../model-server/start-model-server.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import { WORKFLOW } from '../ai/advice-fixture.ts'
import { aiConfig, startAi, type AiFixture } from '../ai/ai-fixture.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from './service-fixture.ts'

let [fixture, server, ai, service] = [] as unknown as [ServiceFixture, ModelServer, AiFixture, AnalysesModule]

beforeAll(async () => {
  fixture = await startServiceFixture()
  server = await startModelServer(answerHonestly)
  const { collections } = fixture.database
  ai = startAi({ ...fixture.platform, collections, clock: systemClock }, aiConfig(server))
  service = fixture.assemble({ advisor: ai.advisor })
  await service.worker.start()
  await ai.settings.set(fixture.tenant.id, { explain: true, fix: true, summarise: true }, { actor: 'operator', correlationId: null })
})
beforeEach(() => {
  server.script(answerHonestly)
  server.requests.length = 0
  ai.budget.refuse = null
})
afterAll(async () => {
  await service.worker.stop(1_000)
  await Promise.all([server.close(), fixture.close()])
})

async function analyse(name: string, workflow = WORKFLOW, more: Readonly<Record<string, string>> = {}) {
  const { fullName, id, commit } = await fixture.repository(name, { 'README.md': 'a shop\n', [CI_PATH]: workflow, ...more })
  const submission = submissionOf({ commit, repository: fullName, files: [{ path: CI_PATH, text: workflow }], options: { profile: 'pedantic', fixPr: 'all' } })
  return submitAndWait(service, submission, { principal: workflowRun(fixture.tenant, { sha: commit, repositoryId: id, fullName }), correlationId: `c-${name}` })
}

test('a repository gets explanations, a pull request with the marked fixes of a model, and the bill', async () => {
  const ended = await analyse('advised')
  expect(ended).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'opened' }, advice: { state: 'done', calls: 3 } } })
  const spent = ai.budget.reservations.reduce((sum, { settlement }) => sum + (settlement?.costMicroUsd ?? 0), 0)
  expect(ended.outcome).toMatchObject({ costMicroUsd: spent })
  expect(ended.outcome?.tokensUsed).toBeGreaterThan(100)
  expect(await fixture.github.readFile('acme/advised', 'autodevops/fix-main', CI_PATH)).toContain('cancel-in-progress: false')
  expect((await fixture.github.listPullRequests('acme/advised'))[0]?.body).toContain('**written by a model**')
  const calls = await fixture.audit('model.called')
  expect(calls.map(({ correlationId }) => correlationId)).toEqual(['c-advised', 'c-advised', 'c-advised'])
})

test('the next repository with the same findings costs nothing', async () => {
  const ended = await analyse('same')
  expect(ended.outcome).toMatchObject({ tokensUsed: 0, costMicroUsd: 0, advice: { state: 'done', calls: 0 } })
  expect(ended.outcome?.advice?.fixes).toHaveLength(2)
  expect(server.requests).toEqual([])
})

test('what a model says changes no finding and no score', async () => {
  const [advised, alone] = [await analyse('with-ai'), await analyse('without-ai', WORKFLOW, { '.github/autodevops.yml': 'ai: off\n' })]
  expect([advised.outcome?.advice?.state, alone.outcome?.advice?.state]).toEqual(['done', 'off'])
  expect(advised.outcome?.score.total).toBeGreaterThan(0)
  expect(advised.outcome?.score).toEqual(alone.outcome?.score)
  expect(advised.outcome?.findings).toEqual(alone.outcome?.findings)
})

test('a failing model never fails an analysis, which says why it has no advice', async () => {
  server.script([{ kind: 'refuse', status: 401 }])
  const ended = await analyse('unlucky', WORKFLOW.replace('name: CI', 'name: Unlucky').replace('make lint', 'make unlucky').replace('  test:', '  unlucky:'))
  expect(ended).toMatchObject({ state: 'done', error: null, outcome: { pullRequest: { state: 'opened' }, advice: { state: 'failed', fixes: [] } } })
  expect(ended.outcome?.advice?.reason).toMatch(/^MODEL_UNAUTHORISED: /)
})

test('a quota that refuses is the reason, and nothing is sent', async () => {
  ai.budget.refuse = new AppError('QUOTA_EXCEEDED', { detail: 'money of the organisation per month' })
  const ended = await analyse('poor', WORKFLOW.replace('  test:', '  poor:'))
  expect(ended.outcome?.advice).toMatchObject({ state: 'failed', calls: 0, reason: 'QUOTA_EXCEEDED: A quota does not allow this call to a model: money of the organisation per month' })
  expect(server.requests).toEqual([])
})

test('what would be sent can be seen for any analysis of the tenant, and of no other', async () => {
  const { id } = await analyse('seen')
  server.requests.length = 0
  const requests = await service.previewAi(fixture.tenant.id, id)
  expect(requests.map(({ purpose }) => purpose)).toEqual(['explain', 'fix', 'summarise'])
  expect(requests[0]?.prompt.user).toContain('retired-runner-image')
  expect(server.requests).toEqual([])
  await expect(service.previewAi('2@issuer.test', id)).rejects.toThrow('There is no such analysis')
})
