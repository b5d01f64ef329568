// Analyses that were given up: tried as often as allowed, or stopped by a fault that an operator has to mend. One per analysis.
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { ErrorCode } from '../errors.ts'

export interface DeadLetter {
  /** The analysis' id. */
  readonly id: string
  readonly tenantId: string
  readonly repository: string
  readonly commit: string
  readonly code: ErrorCode
  readonly attempts: number
  readonly correlationId: string
  readonly at: Date
}

interface DeadLetterDocument extends TenantDocument, Omit<DeadLetter, 'id' | 'tenantId'> {}

export interface DeadLettersStore {
  put(letter: DeadLetter): Promise<void>
  get(tenantId: string, id: string): Promise<DeadLetter | null>
  remove(tenantId: string, id: string): Promise<void>
  /** Oldest analysis first; of all tenants without a tenant. */
  list(tenantId: string | undefined, page: Page): Promise<DeadLetter[]>
  /** Of all tenants, counted no further than this. */
  count(most: number): Promise<number>
}

const COLLECTION = 'dead-letters'

export const deadLettersIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, _id: 1 } }] }

export function createDeadLettersStore(collections: TenantCollections): DeadLettersStore {
  const of = (tenantId: string) => collections.for(tenantId).collection<DeadLetterDocument>(COLLECTION)
  return {
    // An upsert: a process that dies between this and the analysis' own end comes here again.
    put: async ({ id, tenantId, ...rest }) => {
      await of(tenantId).updateOne({ _id: id }, { $set: rest }, { upsert: true })
    },
    get: async (tenantId, id) => {
      const found = await of(tenantId).findOne({ _id: id })
      return found === null ? null : toLetter(found)
    },
    remove: async (tenantId, id) => {
      await of(tenantId).deleteOne({ _id: id })
    },
    list: async (tenantId, page) => {
      const from = tenantId === undefined ? collections.acrossTenants<DeadLetterDocument>(COLLECTION) : of(tenantId)
      return (await from.page({}, page)).map(toLetter)
    },
    count: (most) => collections.acrossTenants<DeadLetterDocument>(COLLECTION).count({}, most),
  }
}

const toLetter = ({ _id, ...rest }: DeadLetterDocument): DeadLetter => ({ id: _id, ...rest })
