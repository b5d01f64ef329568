import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import type { ApiKeyPrincipal } from '../../../control-plane/auth/principal.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'
import { QUIET, startServiceFixture, submissionOf, workflowRun } from './service-fixture.ts'
import type { ServiceFixture } from './service-fixture.ts'

let fixture: ServiceFixture
let api: AnalysesModule
let shop: Awaited<ReturnType<ServiceFixture['repository']>>

beforeAll(async () => {
  fixture = await startServiceFixture()
  shop = await fixture.repository('shop')
  api = fixture.assemble()
})
afterAll(() => fixture.close())

const context = (principal: Parameters<AnalysesModule['service']['submit']>[1]['principal']) => ({ principal, correlationId: 'c-1', logger: QUIET })
const apiKey = (): ApiKeyPrincipal => ({ kind: 'api-key', tenantId: fixture.tenant.id, keyId: 'k', scopes: ['analyses:write'] })

test('answers a repeated submission with the first analysis', async () => {
  const run = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id })
  const first = await api.service.submit(submissionOf({ commit: shop.commit }), context(run))
  const second = await api.service.submit(submissionOf({ commit: shop.commit }), context(run))
  expect([first.isNew, second.isNew]).toEqual([true, false])
  expect(second.analysis.id).toBe(first.analysis.id)
  expect(first.analysis.url).toBe(`http://service.test/v1/analyses/${first.analysis.id}`)
})

test('makes one analysis of submissions that arrive at the same moment', async () => {
  const run = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, ref: 'refs/heads/many' })
  const submission = submissionOf({ commit: shop.commit, ref: 'refs/heads/many' })
  const answers = await Promise.all(Array.from({ length: 8 }, () => api.service.submit(submission, context(run))))
  expect(new Set(answers.map(({ analysis }) => analysis.id)).size).toBe(1)
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
})

test('makes another analysis of other texts, other options, and another branch that wants a pull request', async () => {
  const run = (ref: string) => workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, ref })
  const ids = new Set<string>()
  for (const changes of [{}, { files: [{ path: CI_PATH, text: `${DRIFTED}# more\n` }] }, { options: { profile: 'pedantic' as const, fixPr: 'safe' as const } }, { ref: 'refs/heads/next' }]) {
    const { analysis } = await api.service.submit(submissionOf({ commit: shop.commit, ...changes }), context(run(changes.ref ?? 'refs/heads/main')))
    ids.add(analysis.id)
  }
  expect(ids.size).toBe(4)
})

test('makes a new analysis of the same commit on the next day', async () => {
  const tomorrow = fixture.assemble({ clock: () => new Date(Date.now() + 24 * 3600_000) })
  const run = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id })
  const today = await api.service.submit(submissionOf({ commit: shop.commit }), context(run))
  const next = await tomorrow.service.submit(submissionOf({ commit: shop.commit }), context(run))
  expect(next.isNew).toBe(true)
  expect(next.analysis.id).not.toBe(today.analysis.id)
})

test('supersedes what an older commit of the branch still waits for', async () => {
  const { id, fullName, commit } = await fixture.repository('superseding')
  const newer = await fixture.github.commit({ repo: fullName, branch: 'main', files: { 'README.md': 'newer\n' }, message: 'newer' })
  const at = (sha: string) => ({ submission: submissionOf({ commit: sha, repository: fullName }), run: workflowRun(fixture.tenant, { sha, repositoryId: id, fullName }) })
  const older = await api.service.submit(at(commit).submission, context(at(commit).run))
  await api.service.submit(at(newer).submission, context(at(newer).run))
  const waited = await api.service.get(at(commit).run, older.analysis.id, { seconds: 5, signal: new AbortController().signal })
  expect(waited).toMatchObject({ state: 'superseded', commit })
  const again = await api.service.submit(at(commit).submission, context(at(commit).run))
  expect(again.analysis).toMatchObject({ id: older.analysis.id, state: 'queued' })
})

test('takes repository, ref and commit from the token and refuses a body that says otherwise', async () => {
  const run = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id })
  const elsewhere = '0'.repeat(40)
  for (const changes of [{ commit: elsewhere }, { commit: shop.commit, ref: 'refs/heads/other' }, { commit: shop.commit, repository: 'acme/else' }]) {
    await expect(api.service.submit(submissionOf(changes), context(run))).rejects.toMatchObject({ code: 'REPOSITORY_MISMATCH' })
  }
})

test('accepts for a pull request only the commit that the code host names as its head', async () => {
  const { id, fullName, commit } = await fixture.repository('pulls')
  const head = await fixture.github.commit({ repo: fullName, branch: 'topic', from: 'main', files: { 'a.txt': 'a' }, message: 'topic' })
  const { number } = await fixture.github.createPullRequest({ repo: fullName, head: 'topic', base: 'main', title: 'Topic' })
  const ref = `refs/pull/${number}/merge`
  const mergeCommit = 'a'.repeat(40)
  const run = workflowRun(fixture.tenant, { sha: mergeCommit, repositoryId: id, fullName, ref, eventName: 'pull_request' })
  const submit = (posted: string) => api.service.submit(submissionOf({ commit: posted, repository: fullName, ref }), context(run))
  await expect(submit(head)).resolves.toMatchObject({ isNew: true, analysis: { commit: head, ref } })
  await expect(submit(commit)).rejects.toMatchObject({ code: 'REPOSITORY_MISMATCH' })
  await expect(submit(mergeCommit)).rejects.toMatchObject({ code: 'REPOSITORY_MISMATCH' })
})

test('checks what an API key submits against the code host', async () => {
  await fixture.github.createOwner({ login: 'rival', id: 777 })
  await fixture.github.createRepository({ owner: 'rival', name: 'open', files: { 'README.md': 'x' } })
  const submit = (changes: Parameters<typeof submissionOf>[0]) => api.service.submit(submissionOf(changes), context(apiKey()))
  await expect(submit({ commit: shop.commit, options: { profile: 'auditor', fixPr: 'never' } })).resolves.toMatchObject({ isNew: true, analysis: { repository: 'acme/shop' } })
  await expect(submit({ commit: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'COMMIT_NOT_FOUND' })
  await expect(submit({ commit: shop.commit, repository: 'acme/nothing' })).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
  await expect(submit({ commit: shop.commit, repository: 'acme/..' })).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
  await expect(submit({ commit: shop.commit, repository: 'rival/open' })).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
})

test('answers for another tenant as if the analysis did not exist', async () => {
  const run = workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id })
  const { analysis } = await api.service.submit(submissionOf({ commit: shop.commit }), context(run))
  const stranger = { ...apiKey(), tenantId: '777@issuer.test' }
  await expect(api.service.get(stranger, analysis.id, { seconds: 0, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'ANALYSIS_NOT_FOUND' })
  await expect(api.service.get(run, 'no-such-id', { seconds: 0, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'ANALYSIS_NOT_FOUND' })
})
