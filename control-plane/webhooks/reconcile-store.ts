// Up to when GitHub was asked for missed deliveries, and when it is asked again: one record for the whole service, so that of many
// workers one asks.
import { isDuplicateKey } from '../database/database-errors.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface ReconcileDocument extends TenantDocument {
  /** Everything that was delivered before is settled; null before the first run ended. */
  readonly reachedTo: Date | null
  readonly nextAt: Date
}

export interface ReconcileStore {
  /** Null when it is not due. Else nobody else begins before `retryAt`, also when this run dies. */
  begin(run: { readonly now: Date; readonly retryAt: Date }): Promise<Pick<ReconcileDocument, 'reachedTo'> | null>
  end(run: Pick<ReconcileDocument, 'nextAt'> & { readonly reachedTo: Date }): Promise<void>
}

const COLLECTION = 'webhook-reconciles'
/** The App belongs to the service: no tenant's id looks like it (they contain an @). */
const EVERYONE = 'public'
const ID = 'github-app'

export function createReconcileStore(collections: TenantCollections): ReconcileStore {
  const own = collections.for(EVERYONE).collection<ReconcileDocument>(COLLECTION)
  return {
    begin: async ({ now, retryAt }) => {
      try {
        const { modifiedCount, upsertedCount } = await own.updateOne({ _id: ID, nextAt: { $lte: now } }, { $set: { nextAt: retryAt }, $setOnInsert: { reachedTo: null } }, { upsert: true })
        return modifiedCount + upsertedCount === 0 ? null : await own.findOne({ _id: ID })
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },
    end: async ({ reachedTo, nextAt }) => {
      await own.updateOne({ _id: ID }, { $set: { reachedTo, nextAt } })
    },
  }
}
