// The schedule of scans on the repositories' documents: what is due, who has it, and when it comes next. A repository is taken under a
// lease by compare-and-set, and what a lease has found counts only while it is held: workers may be many, and may die.
import { randomUUID } from 'node:crypto'
import type { Dormant } from '../../pull-request/repository-facts.ts'
import type { Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Filter, Page, TenantCollections, UpdateFilter } from '../database/tenant-collections.ts'
import { REPOSITORIES, type RepositoryDocument } from '../repositories/repository-document.ts'
import { nextSlot } from './scan-schedule.ts'
import type { Interval, ScanState } from './scan-state.ts'

/** Without its history. */
export type ScannedRepository = Pick<RepositoryDocument, '_id' | 'tenantId' | 'repositoryId' | 'name' | 'defaultBranch' | 'scan'>

export interface ScanClaim {
  readonly id: string
  readonly token: string
}

export type ScanChange = Omit<ScanState, 'lease' | 'every'>

export interface ScansStore {
  /** Tenants with something to look at, but these. */
  dueTenants(except: readonly string[], limit: number): Promise<string[]>
  for(tenantId: string): {
    /** The longest overdue first. */
    due(limit: number): Promise<ScannedRepository[]>
    /** Null when somebody else was faster. */
    claim(repository: ScannedRepository, leaseMs: number): Promise<ScanClaim | null>
    /** Ends the claim with what it found; false when it is held no more. */
    end(claim: ScanClaim, change: ScanChange): Promise<boolean>
    /** Gives each repository its place, that has none in this interval yet; how many. */
    align(every: Interval): Promise<number>
    /** From now on all are due; how many. */
    makeDue(every: Interval): Promise<number>
    /** From now on this one is, and nothing is known that would leave it alone. */
    makeOneDue(repositoryId: string, every: Interval): Promise<void>
    /** The code host has said why it is left alone. */
    setSkipped(repositoryId: string, why: Dormant): Promise<void>
    countDue(): Promise<number>
    page(page: Page): Promise<ScannedRepository[]>
  }
}

export const scansIndexes: CollectionIndexes = { collection: REPOSITORIES, indexes: [{ key: { 'scan.dueAt': 1 } }, { key: { tenantId: 1, 'scan.dueAt': 1 } }] }

const SCANNED = { tenantId: 1, repositoryId: 1, name: 1, defaultBranch: 1, scan: 1 } as const
const MOST_COUNTED = 1_000_000

type Parts = { readonly collections: TenantCollections; readonly clock: Clock }

export function createScansStore({ collections, clock }: Parts): ScansStore {
  const all = collections.acrossTenants<RepositoryDocument>(REPOSITORIES)
  const due = (): Filter<RepositoryDocument> => ({ removedAt: null, 'scan.dueAt': { $lte: clock() }, $or: [{ 'scan.lease': null }, { 'scan.lease.until': { $lt: clock() } }] })
  return {
    dueTenants: async (except, limit) => {
      const found = await all.find({ ...due(), tenantId: { $nin: [...except] } }, { limit, projection: { tenantId: 1 } })
      return [...new Set(found.map(({ tenantId }) => tenantId))]
    },
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<RepositoryDocument>(REPOSITORIES)
      return {
        due: (limit) => own.find(due(), { limit, projection: SCANNED, sort: { 'scan.dueAt': 1 } }),
        claim: async ({ _id, scan }, leaseMs) => {
          const lease = { token: randomUUID(), until: new Date(clock().getTime() + leaseMs) }
          const { modifiedCount } = await own.updateOne({ _id, ...due(), 'scan.dueAt': scan?.dueAt ?? null }, { $set: { 'scan.lease': lease } })
          return modifiedCount === 1 ? { id: _id, token: lease.token } : null
        },
        end: async ({ id, token }, change) => {
          const set = Object.fromEntries(Object.entries(change).map(([key, value]) => [`scan.${key}`, value as unknown]))
          return (await own.updateOne({ _id: id, 'scan.lease.token': token }, { $set: { ...set, 'scan.lease': null } })).modifiedCount === 1
        },
        align: (every) => align({ collections, clock }, tenantId, every),
        makeDue: async (every) => (await own.updateMany({ removedAt: null }, { $set: { 'scan.dueAt': clock(), 'scan.every': every, 'scan.attempts': 0 } })).matchedCount,
        makeOneDue: async (repositoryId, every) => {
          await own.updateOne({ repositoryId }, { $set: { 'scan.dueAt': clock(), 'scan.every': every, 'scan.attempts': 0, 'scan.skipped': null } })
        },
        setSkipped: async (repositoryId, why) => {
          await own.updateOne({ repositoryId }, { $set: { 'scan.skipped': why } })
        },
        countDue: () => own.count({ removedAt: null, 'scan.dueAt': { $lte: clock() } }, MOST_COUNTED),
        page: (page) => own.page({}, page),
      }
    },
  }
}

async function align({ collections, clock }: Parts, tenantId: string, every: Interval): Promise<number> {
  const own = collections.for(tenantId).collection<RepositoryDocument>(REPOSITORIES)
  const all = collections.acrossTenants<RepositoryDocument>(REPOSITORIES)
  const others: Filter<RepositoryDocument> = { 'scan.every': { $ne: every } }
  let aligned = 0
  let updates: { tenantId: string; filter: Filter<RepositoryDocument>; update: UpdateFilter<RepositoryDocument> }[] = []
  const write = async () => {
    aligned += await all.updateEach(updates)
    updates = []
  }
  for await (const { _id, repositoryId } of everyOne((page) => own.page(others, page))) {
    const update = { $set: { 'scan.every': every, 'scan.dueAt': nextSlot(repositoryId, every, clock()), 'scan.attempts': 0, 'scan.lease': null } }
    updates.push({ tenantId, filter: { _id, ...others }, update })
    if (updates.length === MOST_AT_ONCE) await write()
  }
  await write()
  return aligned
}

const MOST_AT_ONCE = 500
