// A process dies between any two of its commands to the database, or several with all that they are doing at the moment. The sweep repairs what it left, and the books add up.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TenantCollections, TenantCollection, TenantDocument } from '../../../control-plane/database/tenant-collections.ts'
import type { ReservationDocument } from '../../../control-plane/quotas/reservations-store.ts'
import { ledgerOn } from './ledger-on.ts'
import type { Order } from './ledger-process.ts'
import { TENANT, limitsOf, requestOf, startLedgerFixture, type LedgerFixture } from './ledger-fixture.ts'

let ledger: LedgerFixture
beforeAll(async () => { ledger = await startLedgerFixture() })
afterAll(() => ledger.close())

const WRITES = new Set(['insertOne', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany'])

class Killed extends Error {}

/** Database access that ends for ever after this many writes, as that of a killed process does. */
function dyingAfter(collections: TenantCollections, most: number): TenantCollections & { readonly isDead: () => boolean } {
  let writes = 0
  let isDead = false
  const dying = <T extends TenantDocument>(own: TenantCollection<T>): TenantCollection<T> => new Proxy(own, {
    get: (target, name: keyof TenantCollection<T>) => (...args: never[]) => {
      if (WRITES.has(name) && writes++ >= most) isDead = true
      return isDead ? Promise.reject(new Killed()) : (target[name] as (...given: never[]) => unknown)(...args)
    },
  })
  return { ...collections, for: (tenantId) => ({ collection: (name) => dying(collections.for(tenantId).collection(name)) }), isDead: () => isDead }
}

/** One life of a call: it is granted, sent and settled; then one that the tenant's limit refuses; then one that is given back. */
async function live(collections: TenantCollections, tenantId: string): Promise<void> {
  const { service } = ledgerOn(collections, ledger.clock)
  const { reservationId } = await service.reserve(requestOf({ tenantId }))
  await service.dispatch(reservationId)
  await service.settle(reservationId, { requests: 1, tokens: 40, costMicroUsd: 20, model: 'm-2' })
  await service.reserve(requestOf({ tenantId, tokens: 1_000 })).catch((error: unknown) => { if (error instanceof Killed) throw error })
  const second = await service.reserve(requestOf({ tenantId }))
  await service.release(second.reservationId)
}

async function sweepAll(): Promise<void> {
  ledger.advance(24 * 3600 * 1000)
  while (Object.values(await ledger.sweep()).some((count) => count > 0));
}

test('a process that dies after any number of writes leaves nothing that the sweep does not repair', { timeout: 60_000 }, async () => {
  let deaths = 0
  for (let most = 0; ; most++) {
    ledger.setTime('2026-11-27T12:00:00.000Z')
    const tenantId = `dead-after-${most}-${TENANT}`
    await ledger.limit('tenant', limitsOf('month', { tokens: 999 }), tenantId)
    const collections = dyingAfter(ledger.database.collections, most)
    await live(collections, tenantId).catch((error: unknown) => { expect(error).toBeInstanceOf(Killed) })
    await sweepAll()
    expect([most, (await ledger.check(tenantId)).differences]).toEqual([most, []])
    const counter = await ledger.counter('tenant', tenantId)
    expect([most, counter?.holds ?? []]).toEqual([most, []])
    expect([0, 40, 100]).toContain(counter?.total.tokens ?? 0)
    if (!collections.isDead()) break
    deaths++
  }
  expect(deaths).toBeGreaterThan(20)
})

test('a sweep that dies after any number of writes is repaired by the next one', { timeout: 60_000 }, async () => {
  for (let most = 0; ; most++) {
    ledger.setTime('2026-11-27T12:00:00.000Z')
    const tenantId = `sweep-${most}-${TENANT}`
    const sent = await ledger.service.reserve(requestOf({ tenantId }))
    await ledger.service.dispatch(sent.reservationId)
    await ledger.service.reserve(requestOf({ tenantId }))
    ledger.advance(3_600_000)
    const collections = dyingAfter(ledger.database.collections, most)
    await ledgerOn(collections, ledger.clock).sweep().catch((error: unknown) => { expect(error).toBeInstanceOf(Killed) })
    await sweepAll()
    expect([most, (await ledger.check(tenantId)).differences]).toEqual([most, []])
    expect(await ledger.counter('tenant', tenantId)).toMatchObject({ total: { requests: 1, tokens: 100 }, holds: [] })
    if (!collections.isDead()) break
  }
})

test('four processes that are killed in the middle of hundreds of reservations leave books that add up, and no more than the limit', { timeout: 120_000 }, async () => {
  ledger.setTime('2026-11-27T12:00:00.000Z')
  const tenantId = `killed-${TENANT}`
  const limit = 150
  await ledger.limit('tenant', limitsOf('month', { requests: limit }), tenantId)
  const { uri, name } = ledger.database
  const children = await Promise.all(Array.from({ length: 4 }, async () => {
    const child = fork(path.join(import.meta.dirname, 'ledger-process.ts'), [uri, name, String(ledger.clock().getTime())], { execArgv: ['--import', 'tsx'] })
    await once(child, 'message')
    return child
  }))
  const given: Order = { requests: Array.from({ length: 80 }, (_, index) => requestOf({ tenantId, actor: `api-key:${index % 3}`, repositoryId: String(index % 5), purpose: 'explain' })), dispatches: true }
  for (const child of children) child.send(given)
  const records = ledger.database.collections.for(tenantId).collection<ReservationDocument>('quota-reservations')
  while ((await records.count({ state: 'dispatched' }, 40)) < 40) await new Promise((resolve) => setImmediate(resolve))
  const ended = children.map((child) => once(child, 'exit'))
  for (const child of children) child.kill('SIGKILL')
  expect((await Promise.all(ended)).map(([, signal]) => signal as unknown)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL'])
  expect(await records.count({ state: { $in: ['reserving', 'reserved'] } }, 1)).toBe(1)
  await sweepAll()
  expect((await ledger.check(tenantId)).differences).toEqual([])
  // What was sent is billed in full, and nothing else is. The database may have done some of what the dead had told it.
  const sent = await records.count({ state: 'settled', isSettledByExpiry: true }, 1_000)
  expect(await ledger.counter('tenant', tenantId)).toMatchObject({ holds: [], total: { requests: sent, tokens: sent * 100 } })
  expect([sent >= 40, sent <= limit]).toEqual([true, true])
})
