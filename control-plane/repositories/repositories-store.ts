// Reads and writes repositories. An analysis writes its result once, and only when no later one has.
import type { Dormant } from '../../pull-request/repository-facts.ts'
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import { everyOne } from '../database/every-one.ts'
import type { Page, TenantCollections } from '../database/tenant-collections.ts'
import type { FleetFacts } from './fleet-facts.ts'
import { REPOSITORIES, type RepositoryDocument } from './repository-document.ts'

type Identity = Pick<RepositoryDocument, 'repositoryId' | 'name'>

export interface RepositoryResult extends Pick<RepositoryDocument, 'defaultBranch' | 'score' | 'counts' | 'driftSince' | 'analysisId'> {
  readonly fleet: FleetFacts
  readonly entry: RepositoryDocument['history'][number]
}

export interface KnownRepository {
  readonly name: string
  /** The code host gives us access to it. */
  readonly isPresent: boolean
  /** Null where nobody knows them. */
  readonly topics: readonly string[] | null
  /** Why scans leave it alone. */
  readonly skipped: Dormant | null
}

export interface RepositoriesStore {
  for(tenantId: string): {
    get(repositoryId: string): Promise<RepositoryDocument | null>
    /** In the order of their addresses' ids. */
    list(page: Page): Promise<RepositoryDocument[]>
    /** All of them, the removed ones too, by id. */
    known(): Promise<ReadonlyMap<string, KnownRepository>>
    /** All that the code host gives us access to, a part at a time. */
    present(): AsyncGenerator<RepositoryDocument>
    setTopics(repositoryId: string, names: readonly string[]): Promise<void>
    /** The code host has said of these, as far as their topics are known, that they are what they were. */
    confirmTopics(repositoryIds: readonly string[]): Promise<void>
    /** Makes it known, renames it, and takes back that it was removed. */
    ensure(identity: Identity): Promise<void>
    /** False when it is not known, or removed already. */
    remove(repositoryId: string): Promise<boolean>
    /** False when a later analysis has written its own. The same one may write again. */
    record(repositoryId: string, result: RepositoryResult): Promise<boolean>
  }
}

const MOST_KNOWN = 1_000_000
/** Entries of the history that are kept. */
const MOST_HISTORY = 200

export function createRepositoriesStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): RepositoriesStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<RepositoryDocument>(REPOSITORIES)
      return {
        get: (repositoryId) => own.findOne({ repositoryId }),
        list: ({ after, limit }) => own.page({}, { limit, after: after === undefined ? undefined : idOf(tenantId, after) }),
        known: async () => {
          const found = await own.find({}, { limit: MOST_KNOWN, projection: { repositoryId: 1, name: 1, removedAt: 1, topics: 1, 'scan.skipped': 1 } })
          return new Map(found.map(({ repositoryId, name, removedAt, topics, scan }) => [repositoryId, { name, isPresent: removedAt === null, topics: topics?.names ?? null, skipped: scan?.skipped ?? null }]))
        },
        present: () => everyOne((page) => own.page({ removedAt: null }, page)),
        setTopics: async (repositoryId, names) => {
          await own.updateOne({ repositoryId }, { $set: { topics: { names, at: clock() } } })
        },
        confirmTopics: async (repositoryIds) => {
          if (repositoryIds.length > 0) await own.updateMany({ repositoryId: { $in: [...repositoryIds] }, topics: { $exists: true } }, { $set: { 'topics.at': clock() } })
        },
        ensure: async ({ repositoryId, name }) => {
          const { matchedCount } = await own.updateOne({ repositoryId }, { $set: { name, removedAt: null } })
          if (matchedCount > 0) return
          const fresh = { defaultBranch: null, score: null, counts: null, driftSince: null, history: [], analysisId: '', removedAt: null }
          await unlessDuplicate(own.insertOne({ _id: idOf(tenantId, repositoryId), repositoryId, name, ...fresh }))
        },
        remove: async (repositoryId) => (await own.updateOne({ repositoryId, removedAt: null }, { $set: { removedAt: clock() } })).modifiedCount === 1,
        record: async (repositoryId, { entry, ...result }) => {
          const { analysisId } = result
          const first = await own.updateOne({ repositoryId, analysisId: { $lt: analysisId } }, { $set: result, $push: { history: { $each: [entry], $slice: -MOST_HISTORY } } })
          if (first.matchedCount > 0) return true
          return (await own.updateOne({ repositoryId, analysisId }, { $set: result })).matchedCount > 0
        },
      }
    },
  }
}

const idOf = (tenantId: string, repositoryId: string): string => `${tenantId}/${repositoryId}`
