// Reads and writes findings. What an analysis changes is written in a handful of operations, however many findings it has.
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { InsertDocument, Page, TenantCollections } from '../database/tenant-collections.ts'
import { FINDINGS, type Dismissal, type FindingDocument, type FindingState } from './finding-document.ts'

export interface FindingQuery {
  readonly ruleId?: string | undefined
  readonly severity?: FindingDocument['severity'] | undefined
  readonly repositoryId?: string | undefined
  readonly state?: FindingState | undefined
  readonly firstSeenBefore?: Date | undefined
}

export interface FindingChange {
  readonly id: string
  readonly set: Partial<Pick<FindingDocument, 'state' | 'line' | 'message' | 'severity' | 'repository' | 'fixedAt' | 'dismissal'>>
}

export interface FindingsStore {
  for(tenantId: string): {
    get(id: string): Promise<FindingDocument | null>
    /** In the order of ids, which says nothing about time. */
    list(query: FindingQuery, page: Page): Promise<FindingDocument[]>
    ofRepository(repositoryId: string): Promise<FindingDocument[]>
    /** Those that another process inserted at the same time are left as they are. */
    insert(documents: readonly InsertDocument<FindingDocument>[]): Promise<void>
    change(change: FindingChange, analysisId: string): Promise<void>
    fix(ids: readonly string[], analysisId: string): Promise<void>
    /** False when it is not in one of these states any more. */
    decide(id: string, from: readonly FindingState[], to: { readonly state: FindingState; readonly dismissal: Dismissal | null }): Promise<boolean>
  }
}

/** As many as an analysis keeps of one repository, and more. */
const MOST_OF_REPOSITORY = 50_000

export function createFindingsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): FindingsStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<FindingDocument>(FINDINGS)
      return {
        get: (id) => own.findOne({ _id: id }),
        list: ({ firstSeenBefore, ...query }, page) => {
          const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
          return own.page({ ...given, ...(firstSeenBefore === undefined ? {} : { 'firstSeen.at': { $lte: firstSeenBefore } }) }, page)
        },
        ofRepository: (repositoryId) => own.find({ repositoryId }, { limit: MOST_OF_REPOSITORY }),
        insert: async (documents) => {
          if (documents.length > 0) await unlessDuplicate(own.insertMany(documents))
        },
        change: async ({ id, set }, analysisId) => {
          await own.updateOne({ _id: id, analysisId: { $lte: analysisId } }, { $set: { ...set, analysisId } })
        },
        fix: async (ids, analysisId) => {
          if (ids.length === 0) return
          const fixed = { state: 'fixed', fixedAt: clock(), dismissal: null, analysisId } as const
          await own.updateMany({ _id: { $in: [...ids] }, analysisId: { $lte: analysisId } }, { $set: fixed })
        },
        decide: async (id, from, to) => (await own.updateOne({ _id: id, state: { $in: [...from] } }, { $set: to })).modifiedCount === 1,
      }
    },
  }
}
