// What is removed of analyses when they grow old: first their findings, then the analyses. Only those that have ended. One that
// pushed to a fix branch stays without its findings: the record of a push is what tells our commits from a person's.
import { firstIdAt } from '../database/new-id.ts'
import type { Filter, TenantCollections } from '../database/tenant-collections.ts'
import { ANALYSES, type AnalysisDocument } from './analysis-document.ts'
import { ENDED_STATES } from './analysis-states.ts'

export interface AnalysesRetention {
  for(tenantId: string): {
    /** Score and counts stay. At most `limit` analyses; the number changed. */
    dropFindingsBefore(time: Date, limit: number): Promise<number>
    /** At most `limit` analyses; the number removed. */
    removeBefore(time: Date, limit: number): Promise<number>
  }
}

export function createAnalysesRetention(collections: TenantCollections): AnalysesRetention {
  return {
    for: (tenantId) => {
      const analyses = collections.for(tenantId).collection<AnalysisDocument>(ANALYSES)
      const idsOf = async (filter: Filter<AnalysisDocument>, limit: number) => (await analyses.find(filter, { limit, projection: { _id: 1 } })).map(({ _id }) => _id)
      const endedBefore = (time: Date) => ({ _id: { $lt: firstIdAt(time) }, state: { $in: [...ENDED_STATES] } })
      return {
        dropFindingsBefore: async (time, limit) => {
          const ids = await idsOf({ ...endedBefore(time), 'outcome.findings.0': { $exists: true } }, limit)
          return ids.length === 0 ? 0 : (await analyses.updateMany({ _id: { $in: ids } }, { $set: { 'outcome.findings': [] } })).modifiedCount
        },
        removeBefore: async (time, limit) => {
          const ids = await idsOf({ ...endedBefore(time), 'pushes.0': { $exists: false } }, limit)
          return ids.length === 0 ? 0 : (await analyses.deleteMany({ _id: { $in: ids }, state: { $in: [...ENDED_STATES] } })).deletedCount
        },
      }
    },
  }
}
