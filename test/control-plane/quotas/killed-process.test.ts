// A process dies between any two of its commands to the database. The sweep repairs what it left, and the books add up.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TenantCollections, TenantCollection, TenantDocument } from '../../../control-plane/database/tenant-collections.ts'
import { ledgerOn } from './ledger-on.ts'
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
