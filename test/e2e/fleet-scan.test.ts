// A fleet of 200 repositories that nobody named, from the first scan to the last merge: what is found is what was seeded, what is opened is
// what the budget allows, and what is left is nothing.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assemblePullRequests, type PullRequestsModule } from '../../control-plane/pull-requests/assemble-pull-requests.ts'
import { createSubmitHead } from '../../control-plane/analyses/submit-head.ts'
import { createLogger } from '../../control-plane/logging.ts'
import type { FixPullRequestDocument } from '../../control-plane/pull-requests/fix-pull-requests-store.ts'
import { startScanFixture, type ScanFixture } from '../control-plane/scans/scan-fixture.ts'
import type { ScansModule } from '../../control-plane/scans/assemble-scans.ts'
import { workflowRun } from '../control-plane/analyses/service-fixture.ts'
import { generateFleet, type SeededRepository } from './generate-fleet.ts'

const COPIES = 5
const AT_FIRST = 20
const HOUR_MS = 3_600_000
const PATIENCE = { timeout: 600_000, interval: 500 }
const FLEET = generateFleet(COPIES)
const DRIFTED = FLEET.filter(({ drifts }) => drifts.length > 0)

let fixture: ScanFixture
let scans: ScansModule
let pullRequests: PullRequestsModule
let version = 0
const idOf = new Map<string, string>()

beforeAll(async () => {
  fixture = await startScanFixture({ discovers: true })
  const { service, analyses, clock } = fixture
  scans = fixture.assemble({ requestsPerHour: 100_000, requestTimeoutMs: 20_000 })
  const logger = createLogger({ level: 'silent' })
  const submitHead = createSubmitHead({ ...service.platform, analyses: analyses.service, clientOf: analyses.clientOf, logger })
  pullRequests = assemblePullRequests({ ...service.platform, clientOf: analyses.clientOf, policies: service.repositories.policies, submitHead, clock, logger })
  await setBudget(AT_FIRST)
  for (const { name, files } of FLEET) {
    const { id } = await service.repository(name, files)
    idOf.set(name, id)
  }
  await analyses.worker.start()
}, 600_000)
afterAll(() => fixture.close())

async function setBudget(maxOpen: number): Promise<void> {
  const principal = workflowRun(fixture.service.tenant, { sha: '0'.repeat(40), repositoryId: '1', fullName: 'acme/any' })
  const text = `pull-requests: { propose: all, max-open: ${maxOpen}, max-per-day: 1000 }\n`
  await fixture.service.repositories.policies.put({ text, reason: 'test' }, { principal, seen: version, correlationId: 'c' })
  version++
}

const idle = () => expect.poll(async () => (await fixture.service.documents()).filter(({ state }) => state !== 'done' && state !== 'superseded').map(({ state }) => state), PATIENCE).toEqual([])
async function scan(): Promise<readonly string[]> {
  const requests = await fixture.scanAll(scans)
  await idle()
  return requests
}
async function open(): Promise<void> {
  await pullRequests.openWaiting(fixture.service.tenant.id)
  await idle()
}
const records = () => fixture.service.database.db.collection<FixPullRequestDocument>('fix-pull-requests').find().toArray()
const openOnes = async () => (await records()).filter(({ state }) => state === 'open')
/** Open findings by repository, each rule once. */
async function found(): Promise<Record<string, string[]>> {
  const findings = await fixture.service.database.db.collection<{ repository: string; ruleId: string; state: string }>('findings').find({ state: 'open' }).toArray()
  const rules = (name: string) => [...new Set(findings.filter(({ repository }) => repository === `acme/${name}`).map(({ ruleId }) => ruleId))].sort()
  return Object.fromEntries(FLEET.map(({ name }) => [name, rules(name)]))
}
const seeded = (fleet: readonly SeededRepository[]) => Object.fromEntries(fleet.map(({ name, drifts }) => [name, drifts]))

test('one scan finds exactly the seeded drifts, and the gravest get the room that there is', { timeout: 900_000 }, async () => {
  await scan()
  expect(await found()).toEqual(seeded(FLEET))
  expect(await openOnes()).toEqual([])
  await open()
  const opened = await openOnes()
  expect(opened).toHaveLength(AT_FIRST)
  expect(new Set(opened.map(({ severity }) => severity))).toEqual(new Set(['high']))
  expect((await records()).filter(({ state }) => state === 'waiting')).toHaveLength(DRIFTED.length - AT_FIRST)
})

test('a second scan changes nothing and costs one conditional request for each repository', { timeout: 900_000 }, async () => {
  // The open pull requests' repositories have the same base as before.
  const before = (await fixture.service.documents()).length
  const requests = await scan()
  expect(requests.length).toBe(FLEET.length)
  expect(fixture.service.github.requests.count({ conditional: true })).toBe(FLEET.length)
  expect(requests.every((line) => line.endsWith(' 304'))).toBe(true)
  expect((await fixture.service.documents()).length).toBe(before)
})

test('a scan that asks which repositories there are costs a request more for each hundred of them', { timeout: 900_000 }, async () => {
  const isList = (line: string) => line.startsWith('GET /installation/repositories ')
  fixture.advance(HOUR_MS)
  const requests = await scan()
  expect(requests.filter(isList)).toHaveLength(Math.ceil(FLEET.length / 100))
  const looks = requests.filter((line) => !isList(line))
  expect([looks.length, looks.every((line) => line.endsWith(' 304'))]).toEqual([FLEET.length, true])
})

test('when all are merged, a scan finds nothing', { timeout: 900_000 }, async () => {
  await setBudget(DRIFTED.length)
  let merged = 0
  for (let round = 0; round < 5 && merged < DRIFTED.length; round++) {
    for (const { repository, repositoryId, number } of await openOnes()) {
      await fixture.service.github.mergePullRequest(repository, number ?? 0)
      expect([...idOf.values()]).toContain(repositoryId)
      merged++
    }
    await open()
  }
  expect(merged).toBe(DRIFTED.length)
  // All this has used most of a token's hour at the code host, of which scans leave a fifth to others: an hour later.
  await fixture.service.giveToken()
  await scan()
  expect(await found()).toEqual(seeded(FLEET.map((each) => ({ ...each, drifts: [] }))))
  expect(await openOnes()).toEqual([])
})
