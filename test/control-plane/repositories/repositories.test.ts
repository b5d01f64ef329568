// What analyses of the default branch leave behind, and what an organisation decides about it, over HTTP.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import type { StoredFindingWire } from '../../../control-plane/findings/finding-document.ts'
import { CI_PATH, DRIFTED, REPAIRED } from '../../pull-request/drifted-workflow.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from '../analyses/service-fixture.ts'
import { startServiceApp, type ServiceApp } from '../service-app.ts'

let fixture: ServiceFixture
let service: AnalysesModule
let app: ServiceApp
let admin: string
const DAY_MS = 24 * 3600 * 1000
const dateIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

beforeAll(async () => {
  fixture = await startServiceFixture()
  service = fixture.assemble()
  app = await startServiceApp(fixture, fixture.repositories.routes)
  admin = await app.keyOf(fixture.tenant.id, ['admin'])
  await service.worker.start()
})
afterAll(async () => {
  await app.close()
  await service.worker.stop(1_000)
  await fixture.close()
})

interface Known { readonly fullName: string; readonly id: string }
interface Listed { readonly items: StoredFindingWire[]; readonly next: string | null }
interface One { readonly findings: StoredFindingWire[]; readonly history: { commit: string; score: number; appeared?: number; fixed?: number }[]; readonly score: { total: number } | null; readonly driftAgeDays: number | null; readonly counts: { suppressed: number } }

const analyse = async ({ fullName, id }: Known, commit: string, changes: { ref?: string; text?: string } = {}) =>
  submitAndWait(service, submissionOf({ commit, repository: fullName, files: [{ path: CI_PATH, text: changes.text ?? DRIFTED }], options: { profile: 'regular', fixPr: 'never' }, ref: changes.ref ?? 'refs/heads/main' }), {
    principal: workflowRun(fixture.tenant, { sha: commit, repositoryId: id, fullName, ref: changes.ref ?? 'refs/heads/main' }),
  })
/** The same pipelines at a newer commit. */
const analyseNext = async (shop: Known) => analyse(shop, await fixture.github.commit({ repo: shop.fullName, branch: 'main', message: 'next', files: { 'README.md': `${Math.random()}\n` } }))
const setUntil = (_id: string, until: string) => fixture.database.db.collection<{ _id: string }>('findings').updateOne({ _id }, { $set: { 'dismissal.until': until } })
const findingsOf = async ({ id }: Known, query = '') => (await app.call<Listed>(admin, `/findings?repository=${id}&limit=200${query}`)).body.items
const one = async ({ id }: Known) => (await app.call<One>(admin, `/repositories/${id}`)).body

test('a golden workflow is selected by the topics that the repository has when it is analysed, which its record keeps', async () => {
  const golden = 'on: push\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make gate\n'
  const text = 'golden:\n  workflows:\n    - { file: .github/workflows/golden.yml, topic: service, target: .github/workflows/ci.yml }\n'
  const shop = await fixture.repository('topical', { [CI_PATH]: DRIFTED, '.github/workflows/golden.yml': golden, '.github/autodevops.yml': text })
  const goldenFindings = async (known: Known) => {
    const { outcome } = await analyseNext(known)
    expect(outcome?.notChecked.filter(({ what }) => what.includes('golden'))).toEqual([])
    return outcome?.findings.filter(({ ruleId }) => ruleId === 'golden-missing').length ?? 0
  }
  expect(await goldenFindings(shop)).toBe(0)
  fixture.github.setTopics(shop.fullName, ['shop', 'service'])
  expect(await goldenFindings(shop)).toBeGreaterThan(0)
  expect(await one(shop)).toMatchObject({ topics: { names: ['shop', 'service'], at: expect.stringMatching(/^\d{4}-.*Z$/) as string } })
})

test('a repository shows score, history, drift age and findings with the commit that first had them; a repaired commit fixes them', async () => {
  const shop = await fixture.repository('history')
  const first = await analyse(shop, shop.commit)
  const drifted = await one(shop)
  expect(drifted).toMatchObject({ score: first.outcome?.score, driftAgeDays: 0, history: [{ commit: shop.commit }] })
  expect(drifted.findings.map(({ fingerprint }) => fingerprint).sort()).toEqual(first.outcome?.findings.map(({ fingerprint }) => fingerprint).sort())
  expect(drifted.findings.every(({ state, firstSeen }) => state === 'open' && firstSeen.commit === shop.commit)).toBe(true)
  const repaired = await fixture.github.commit({ repo: shop.fullName, branch: 'main', message: 'repair', files: { [CI_PATH]: REPAIRED } })
  const second = await analyse(shop, repaired, { text: REPAIRED })
  const left = second.outcome?.findings.map(({ fingerprint }) => fingerprint) ?? []
  const after = await findingsOf(shop)
  expect(after.filter(({ state }) => state === 'fixed').length).toBeGreaterThan(0)
  for (const { fingerprint, state, fixedAt } of after) expect([state, fixedAt === null]).toEqual(left.includes(fingerprint) ? ['open', true] : ['fixed', false])
  expect((await one(shop)).history).toMatchObject([
    { commit: shop.commit, appeared: drifted.findings.length, fixed: 0 }, { commit: repaired, appeared: 0, fixed: after.filter(({ state }) => state === 'fixed').length },
  ])
})

test('other branches leave the view of the organisation as it is', async () => {
  const shop = await fixture.repository('branch-only')
  await analyse(shop, shop.commit, { ref: 'refs/heads/next' })
  expect(await findingsOf(shop)).toEqual([])
  expect((await app.call(admin, `/repositories/${shop.id}`)).status).toBe(404)
})

test('a dismissed finding is counted and marked in the next analysis, costs no score, and comes back when its time is over', async () => {
  const shop = await fixture.repository('dismissals')
  const before = await analyse(shop, shop.commit)
  const [finding] = await findingsOf(shop)
  if (finding === undefined) throw new Error('there is a finding')
  const dismissed = await app.call<StoredFindingWire>(admin, `/findings/${finding.id}/dismiss`, { method: 'POST', body: { reason: 'replaced in May', until: dateIn(1) } })
  expect([dismissed.status, dismissed.body.state]).toEqual([200, 'dismissed'])
  const silenced = await analyseNext(shop)
  const mark = silenced.outcome?.findings.find(({ fingerprint }) => fingerprint === finding.fingerprint)?.suppressed
  expect(mark).toMatchObject({ kind: 'dismissed', reason: 'replaced in May' })
  expect(silenced.outcome?.summary.suppressed).toBe(1)
  expect(silenced.outcome?.score.total).toBeGreaterThanOrEqual(before.outcome?.score.total ?? 101)
  expect((await findingsOf(shop, '&state=dismissed')).map(({ id }) => id)).toEqual([finding.id])
  await setUntil(finding.id, dateIn(-1))
  await analyseNext(shop)
  expect((await findingsOf(shop)).find(({ id }) => id === finding.id)).toMatchObject({ state: 'open', dismissal: null, firstSeen: finding.firstSeen })
  expect((await fixture.audit('finding.dismissed')).map(({ details }) => details)).toContainEqual(expect.objectContaining({ ruleId: finding.ruleId, before: 'open', after: 'dismissed', reason: 'replaced in May' }))
  expect(await fixture.audit('finding.reopened')).toHaveLength(1)
})

test('a stored date that is none counts as over, and a dismissal can be taken back once', async () => {
  const shop = await fixture.repository('taken-back')
  await analyse(shop, shop.commit)
  const [one, two] = await findingsOf(shop)
  if (one === undefined || two === undefined) throw new Error('there are two findings')
  for (const { id } of [one, two]) await app.call(admin, `/findings/${id}/dismiss`, { method: 'POST', body: { reason: 'later' } })
  await setUntil(one.id, '31.12.2099')
  await analyseNext(shop)
  expect((await findingsOf(shop, '&state=dismissed')).map(({ id }) => id)).toEqual([two.id])
  const undo = () => app.call<{ state?: string; code?: string }>(admin, `/findings/${two.id}/undismiss`, { method: 'POST' })
  expect((await undo()).body.state).toBe('open')
  expect((await undo()).body.code).toBe('FINDING_STATE')
})

test('findings are found by rule, severity, state and age, and walked page by page', async () => {
  const all: StoredFindingWire[] = []
  for (let after = ''; ;) {
    const { body } = await app.call<Listed>(admin, `/findings?limit=3${after}`)
    all.push(...body.items)
    if (body.next === null) break
    after = `&after=${body.next}`
  }
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  const [sample] = all
  if (sample === undefined) throw new Error('there is a finding')
  const { body } = await app.call<Listed>(admin, `/findings?limit=200&rule=${sample.ruleId}&severity=${sample.severity}&state=${sample.state}`)
  expect(body.items).toEqual(all.filter(({ ruleId, severity, state }) => ruleId === sample.ruleId && severity === sample.severity && state === sample.state))
  expect((await app.call<Listed>(admin, '/findings?minAgeDays=30000')).body.items).toEqual([])
  for (const wrong of ['', '-1', '1.5', '0x1', '36501']) expect([wrong, (await app.call(admin, `/findings?minAgeDays=${wrong}`)).status]).toEqual([wrong, 400])
})

test('bad dates, missing reasons, other tenants and weaker credentials are refused', async () => {
  const [finding] = (await app.call<Listed>(admin, '/findings?limit=1')).body.items
  const path = `/findings/${finding?.id ?? ''}/dismiss`
  for (const body of [{ reason: ' ' }, { reason: 'x', until: '2026-13-40' }, { reason: 'x', until: { $gt: '' } }, {}]) {
    expect((await app.call(admin, path, { method: 'POST', body })).status).toBe(400)
  }
  expect((await app.call(admin, '/findings?state[$ne]=open')).status).toBe(400)
  const reader = await app.keyOf(fixture.tenant.id, ['analyses:read'])
  expect((await app.call(reader, path, { method: 'POST', body: { reason: 'x' } })).status).toBe(403)
  expect((await app.call(reader, '/findings')).status).toBe(200)
  const stranger = await app.keyOf('9@elsewhere.test', ['admin'])
  expect((await app.call(stranger, path, { method: 'POST', body: { reason: 'x' } })).status).toBe(404)
  expect((await app.call<Listed>(stranger, '/findings')).body.items).toEqual([])
})
