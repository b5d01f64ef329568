// Scans beside the workers that do their analyses, and workers that are killed in the middle.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type RunningService } from '../../service/start-service.ts'
import { OPERATOR, startScanFixture, type Member, type ScanFixture } from './scan-fixture.ts'

let fixture: ScanFixture

beforeAll(async () => {
  fixture = await startScanFixture()
  await fixture.analyses.worker.start()
})
afterAll(() => fixture.close())

const QUIET = { warn: () => undefined }
const LEASE_MS = 2_000
const status = () => fixture.scans.service.status(fixture.service.tenant.id)
const analysesOf = async ({ id }: { readonly id: string }) => (await fixture.service.documents()).filter(({ repositoryId }) => repositoryId === id)

test('a head that was analysed before is not analysed again by its first scan', async () => {
  const [shop] = await fixture.fleet('analysed', 1)
  const source = { repositoryId: shop!.id, repository: shop!.fullName, ref: 'refs/heads/main', commit: shop!.commit }
  await fixture.analyses.service.submitHead(source, { tenantId: fixture.service.tenant.id, actor: 'webhook', correlationId: 'c', logger: QUIET, options: { profile: 'regular', fixPr: 'never' } })
  await expect.poll(() => analysesOf(shop!), { timeout: 15_000 }).toMatchObject([{ state: 'done' }])
  expect(await fixture.scanAll()).toEqual([`GET /repos/${shop!.fullName}/git/ref/heads%2Fmain 200`])
  expect(await fixture.scanAll()).toEqual([`GET /repos/${shop!.fullName}/git/ref/heads%2Fmain 304`])
  expect(await analysesOf(shop!)).toHaveLength(1)
})

test('a round is over when nothing is due and none of its analyses is under way', async () => {
  const [shop] = await fixture.fleet('round', 2)
  await fixture.scans.service.run(fixture.service.tenant.id, OPERATOR)
  expect((await status()).due).toBe(3)
  await fixture.scans.runDue()
  expect((await status()).due).toBe(0)
  await expect.poll(async () => (await status()).analysing, { timeout: 20_000 }).toBe(0)
  expect(await analysesOf(shop!)).toMatchObject([{ state: 'done', actor: 'scan' }])
})

test('the end of a round is said once, after its last analysis', async () => {
  const { service } = fixture
  const [shop] = await fixture.fleet('said', 2)
  const scans = fixture.assemble()
  const said: unknown[] = []
  scans.worker.start(async (tenantId) => {
    const { due, analysing } = await status()
    said.push({ tenantId, due, analysing, analysed: (await analysesOf(shop!)).map(({ state }) => state) })
  })
  await scans.service.run(service.tenant.id, OPERATOR)
  await expect.poll(() => said, { timeout: 20_000 }).toEqual([{ tenantId: service.tenant.id, due: 0, analysing: 0, analysed: ['done'] }])
  await scans.service.run(service.tenant.id, OPERATOR)
  await expect.poll(async () => (await status()).due, { timeout: 10_000 }).toBe(0)
  await scans.worker.stop()
  expect(said).toHaveLength(1)
})

test('a worker that is killed in the middle of a scan loses nothing: another one goes on, after the lease', { timeout: 90_000 }, async () => {
  const { service } = fixture
  const fleet = await fixture.fleet('killed', 6)
  const { github, database, tenant } = service
  const start = (): Promise<RunningService> => startService({
    role: 'worker', mongodbUri: database.uri, database: database.name, github: { apiUrl: github.apiUrl, webUrl: 'https://github.com' }, issuers: ['https://issuer.test'],
    encryptionKeys: `k1:${Buffer.alloc(32, 'k1').toString('base64')}`, env: { SCAN_POLL_MS: '100', LEASE_MS: String(LEASE_MS), HEARTBEAT_MS: '500', GITHUB_PACING: 'off' },
  })
  const first = await start()
  const stuck = github.fault({ when: ({ path }) => path.includes('/killed-3/'), respond: { kind: 'hang' } })
  github.requests.clear()
  await fixture.scans.service.run(tenant.id, OPERATOR)
  const asked = ({ fullName }: Member) => github.requests.all({ path: /\/git\/ref\// }).filter(({ path }) => path.startsWith(`/repos/${fullName}/`)).length
  await expect.poll(() => asked(fleet[3]!), { timeout: 20_000 }).toBe(1)
  await first.kill('SIGKILL')
  stuck()
  const second = await start()
  const results = async () => Promise.all(fleet.map(async (member) => (await fixture.stateOf(member)).last?.result))
  await expect.poll(results, { timeout: 30_000 }).toEqual(fleet.map(() => 'changed'))
  expect((await second.kill('SIGTERM')).code).toBe(0)
  for (const member of fleet) expect([member.fullName, (await analysesOf(member)).length]).toEqual([member.fullName, 1])
  // A look, and the two of a submission; one more where the first worker died.
  expect(fleet.map(asked)).toEqual([3, 3, 3, 4, 3, 3])
  expect((await status()).due).toBe(0)
})
