// What changed in each repository between two commits, as it was read last: commits do not change, so the same two are never compared twice.
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { ReadDrift } from './read-drift.ts'

export interface Compared {
  readonly from: string
  readonly to: string
  /** The version that compared: another one may see more. */
  readonly engine: string
}

interface DriftDocument extends TenantDocument, Compared, ReadDrift {
  readonly repositoryId: string
}

export interface DriftsStore {
  for(tenantId: string): {
    /** Null when other commits were compared last, or none. */
    find(repositoryId: string, compared: Compared): Promise<ReadDrift | null>
    /** In place of the one before. */
    put(repositoryId: string, compared: Compared, drift: ReadDrift): Promise<void>
  }
}

const COLLECTION = 'drifts'

export const driftsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, repositoryId: 1 }, unique: true }] }

export function createDriftsStore({ collections }: { readonly collections: TenantCollections }): DriftsStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<DriftDocument>(COLLECTION)
      return {
        find: (repositoryId, { from, to, engine }) => own.findOne({ repositoryId, from, to, engine }),
        put: async (repositoryId, compared, drift) => {
          await own.updateOne({ _id: `${tenantId}/${repositoryId}` }, { $set: { repositoryId, ...compared, ...drift } }, { upsert: true })
        },
      }
    },
  }
}
