// What must be gone when the work is: leases, places in the queue, jobs, dead letters, reservations; and the ledger's books.
import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from 'mongodb'
import { createAuditStore } from '../../control-plane/audit/audit-store.ts'
import { systemClock } from '../../control-plane/clock.ts'
import { createTenantCollections } from '../../control-plane/database/tenant-collections.ts'
import { createLogger } from '../../control-plane/logging.ts'
import { assembleQuotas } from '../../control-plane/quotas/assemble-quotas.ts'
import { dayOf, monthOf } from '../../control-plane/quotas/periods.ts'
import type { Tally } from './tally.ts'

const LOOK_EVERY_MS = 1_000
/** A reservation whose process died is ended a minute after its call should have been. */
const DRAINED_WITHIN_MS = 300_000

/** Waits until nothing is left to do; says what is left when that takes too long. */
export async function waitUntilDrained(db: Db, tally: Tally): Promise<void> {
  const until = Date.now() + DRAINED_WITHIN_MS
  for (;;) {
    const left = await countWork(db)
    if (left.every(([, count]) => count === 0)) return
    if (Date.now() > until) {
      const [job] = await db.collection('jobs').find().limit(1).toArray()
      return tally.wrong(`after ${DRAINED_WITHIN_MS / 1000} s there are still ${left.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`).join(', ')}; the first job is ${JSON.stringify(job)}`)
    }
    await pause(LOOK_EVERY_MS)
  }
}

async function countWork(db: Db): Promise<(readonly [string, number])[]> {
  return Promise.all([
    count(db, 'analyses', { state: { $in: ['submitted', 'queued', 'running'] } }, 'analyses that have not ended'),
    count(db, 'jobs', {}, 'jobs'),
    count(db, 'quota-reservations', { dueAt: { $exists: true } }, 'reservations that are not closed'),
  ])
}

export async function checkLeftovers(db: Db, tenantIds: readonly string[], tally: Tally): Promise<void> {
  const left = await Promise.all([
    count(db, 'analyses', { lease: { $ne: null } }, 'leases'),
    count(db, 'analyses', { slot: { $exists: true } }, 'places in the queue'),
    count(db, 'analyses', { waiting: true }, 'analyses that wait'),
    count(db, 'analyses', { files: { $ne: null } }, 'analyses with their texts'),
    count(db, 'dead-letters', {}, 'dead letters'),
    count(db, 'quota-reservations', { state: { $in: ['reserving', 'reserved', 'dispatched'] } }, 'open reservations'),
    count(db, 'quota-counters', { 'holds.0': { $exists: true } }, 'counters that hold something'),
  ])
  for (const [name, found] of left) if (found > 0) tally.wrong(`${found} ${name} are left over`)
  await checkBooks(db, tenantIds, tally)
}

async function checkBooks(db: Db, tenantIds: readonly string[], tally: Tally): Promise<void> {
  const collections = createTenantCollections(db)
  const audit = createAuditStore({ collections, clock: systemClock })
  const quotas = assembleQuotas({ collections, audit, clock: systemClock, logger: createLogger({ level: 'silent' }) })
  for (const tenantId of tenantIds) {
    const { reservations, differences } = await quotas.check(tenantId, monthOf(dayOf(systemClock())))
    tally.add('calls to models', 'reservations', reservations)
    for (const difference of differences) tally.wrong(`the books of ${tenantId}: ${difference}`)
  }
}

async function count(db: Db, collection: string, filter: object, name: string): Promise<readonly [string, number]> {
  return [name, await db.collection(collection).countDocuments(filter)]
}
