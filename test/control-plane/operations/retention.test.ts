import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AnalysisDocument } from '../../../control-plane/analyses/analysis-document.ts'
import { firstIdAt, newId } from '../../../control-plane/database/new-id.ts'
import { assembleMaintenance } from '../../../control-plane/operations/assemble-maintenance.ts'
import { createMaintenance } from '../../../control-plane/operations/maintenance.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const DAY_MS = 86_400_000
const PATIENCE = { timeout: 20_000 }
const DAYS = { analyses: 30, findings: 10, audit: 20 }

let platform: Platform
let tenantId: string

/** Only what retention looks at: the rest of a document has no say. */
const analysis = (name: string, ageDays: number, changes: object = {}) => ({
  _id: newId(new Date(platform.clock().getTime() - ageDays * DAY_MS)), name, dedupeKey: name, state: 'done', pushes: [], outcome: { score: 7, findings: [{ ruleId: 'x' }] }, ...changes,
})
const kept = async () => {
  const found = await platform.collections.for(tenantId).collection<AnalysisDocument & { name: string }>('analyses').page({}, { limit: 100 })
  return Object.fromEntries(found.map(({ name, outcome }) => [name, outcome?.findings.length ?? null]))
}
const maintain = async () => {
  const maintenance = assembleMaintenance({ platform, config: { retentionDays: DAYS }, clock: platform.clock, logger: platform.logger, tasks: [] })
  maintenance.start()
  await vi.waitFor(() => expect(platform.logged.some((line) => line.includes('"task":"retention"'))).toBe(true), PATIENCE)
  await maintenance.stop()
}

beforeAll(async () => {
  platform = await startPlatform()
  tenantId = (await platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '1', ownerName: 'acme', aiEnabled: false })).id
})
afterAll(() => platform.close())

describe('retention', () => {
  test('removes findings first, then analyses that have ended, but no record of a push; and old audit entries', async () => {
    const analyses = platform.collections.for(tenantId).collection<AnalysisDocument>('analyses')
    const documents = [
      analysis('young', 1), analysis('middle', 11), analysis('old', 31), analysis('old and failed', 31, { state: 'failed', outcome: null }),
      analysis('old and waiting', 31, { state: 'queued', outcome: null }), analysis('old with a push', 31, { pushes: [{ to: 'a' }] }),
    ]
    for (const document of documents) await analyses.insertOne(document as unknown as AnalysisDocument)
    const audit = platform.audit.for(tenantId)
    platform.advance(-21 * DAY_MS)
    for (let n = 0; n < 3; n += 1) await audit.append({ actor: 'operator', action: 'old', subject: 'x', details: {}, correlationId: null })
    platform.advance(21 * DAY_MS)
    await audit.append({ actor: 'operator', action: 'new', subject: 'x', details: {}, correlationId: null })
    await maintain()
    expect(await kept()).toEqual({ young: 1, middle: 0, 'old and waiting': null, 'old with a push': 0 })
    expect((await audit.list({ limit: 10 })).map(({ action }) => action)).toEqual(['new'])
  })

  test('takes more than one part, and stays within its tenant', async () => {
    const [old, entry] = [new Date(platform.clock().getTime() - 21 * DAY_MS), { action: 'old', actor: 'a', subject: 's', details: {}, correlationId: null, at: new Date() }]
    const insert = (tenant: string, count: number) => platform.collections.for(tenant).collection('audit').insertMany(Array.from({ length: count }, () => ({ _id: newId(old), ...entry })))
    await insert(tenantId, 1_100)
    await insert('not-registered', 1)
    platform.logged.length = 0
    await maintain()
    expect(await platform.audit.for(tenantId).list({ limit: 10 }, { action: 'old' })).toEqual([])
    expect(await platform.audit.for('not-registered').list({ limit: 10 })).toHaveLength(1)
  })
})

test('maintenance goes on after a task that fails, and stops in the middle of one', async () => {
  const ran: string[] = []
  const maintenance = createMaintenance({
    logger: platform.logger,
    tasks: [
      { name: 'broken', run: () => Promise.reject(new Error('canary of a task')) },
      { name: 'long', run: (signal) => new Promise((resolve) => { ran.push('long'); signal.addEventListener('abort', () => resolve({})) }) },
      { name: 'never', run: () => { ran.push('never'); return Promise.resolve({}) } },
    ],
  })
  maintenance.start()
  await vi.waitFor(() => expect(ran).toEqual(['long']))
  await maintenance.stop()
  expect(ran).toEqual(['long'])
  expect(platform.logged.some((line) => line.includes('canary of a task'))).toBe(true)
})

test('the first id of a time stands between the ids before it and those from it on', () => {
  const time = new Date('2026-01-01T00:00:00Z')
  expect(newId(new Date(time.getTime() - 1)) < firstIdAt(time)).toBe(true)
  expect(firstIdAt(time) < newId(time)).toBe(true)
})
