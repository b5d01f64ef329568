// Several processes reserve at once: exactly what the limits allow is granted.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReservationRequest } from '../../../control-plane/quotas/quotas-service.ts'
import { TENANT, limitsOf, requestOf, startLedgerFixture, type LedgerFixture } from './ledger-fixture.ts'
import type { Order, Outcome } from './ledger-process.ts'

const PROCESSES = 4

let ledger: LedgerFixture
const children: ChildProcess[] = []

async function start(): Promise<ChildProcess> {
  const { uri, name } = ledger.database
  const child = fork(path.join(import.meta.dirname, 'ledger-process.ts'), [uri, name, String(ledger.clock().getTime())], { execArgv: ['--import', 'tsx'] })
  children.push(child)
  await once(child, 'message')
  return child
}

beforeAll(async () => {
  ledger = await startLedgerFixture()
  await Promise.all(Array.from({ length: PROCESSES }, start))
})
afterAll(async () => {
  await Promise.all(children.map(async (child) => {
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  }))
  await ledger.close()
})

async function order(child: ChildProcess, requests: readonly ReservationRequest[]): Promise<Outcome> {
  const answered = once(child, 'message')
  const given: Order = { requests, dispatches: false }
  child.send(given)
  const [outcome] = (await answered) as [Outcome]
  return outcome
}

const requestsFor = (tenantId: string, count: number) =>
  Array.from({ length: PROCESSES }, (_, process) => Array.from({ length: count / PROCESSES }, (_each, index) =>
    requestOf({ tenantId, actor: `api-key:${index % 2}`, repositoryId: String(Math.floor(index / 2) % 2), purpose: `p${process}` })))

async function reserveAll(tenantId: string, count: number): Promise<{ granted: number; refused: number }> {
  const outcomes = await Promise.all(requestsFor(tenantId, count).map((requests, index) => order(children[index]!, requests)))
  expect(outcomes.flatMap(({ failed }) => failed)).toEqual([])
  return { granted: outcomes.reduce((sum, { granted }) => sum + granted, 0), refused: outcomes.reduce((sum, { refused }) => sum + refused, 0) }
}

test('2,000 reservations at once from four processes get exactly the 1,000 of the quota', { timeout: 90_000 }, async () => {
  const tenantId = `many-${TENANT}`
  await ledger.limit('tenant', limitsOf('day', { requests: 1_000 }), tenantId)
  expect(await reserveAll(tenantId, 2_000)).toEqual({ granted: 1_000, refused: 1_000 })
  expect(await ledger.check(tenantId)).toMatchObject({ reservations: 2_000, differences: [] })
})

// 200 calls: 100 of each of two actors, 100 in each of two repositories.
test.each([
  { limits: { actor: 30 }, granted: 60 },
  { limits: { repository: 40 }, granted: 80 },
  { limits: { actor: 30, repository: 40 }, granted: 60 },
  { limits: { actor: 40, tenant: 50 }, granted: 50 },
  { limits: { repository: 40, tenant: 50 }, granted: 50 },
  { limits: { actor: 30, repository: 40, tenant: 50 }, granted: 50 },
])('grants exactly $granted of 200 under $limits', { timeout: 60_000 }, async ({ limits, granted }) => {
  const tenantId = `${Object.entries(limits).flat().join('-')}-${TENANT}`
  for (const [kind, limit] of Object.entries(limits)) {
    await ledger.limit(kind === 'tenant' ? 'tenant' : `${kind}:*`, limitsOf('month', { requests: limit }), tenantId)
  }
  expect(await reserveAll(tenantId, 200)).toEqual({ granted, refused: 200 - granted })
  expect((await ledger.check(tenantId)).differences).toEqual([])
})
