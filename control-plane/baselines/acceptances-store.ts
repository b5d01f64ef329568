// Which states of each repository were accepted. None is ever changed: the next one is written beside it, and two people who start from the
// same one cannot both win, because the number is part of the id.
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface Acceptance {
  /** Of this repository, from 1, without holes. */
  readonly version: number
  readonly commit: string
  readonly by: string
  readonly reason: string
  readonly at: Date
}

interface AcceptanceDocument extends TenantDocument, Acceptance {
  readonly repositoryId: string
}

/** `after` is a version's number as text. */
export interface AcceptancesStore {
  for(tenantId: string): {
    /** Null before the first. */
    newest(repositoryId: string): Promise<Acceptance | null>
    /** Oldest first. */
    list(repositoryId: string, page: Page): Promise<Acceptance[]>
    /** Null when somebody else has written this version. */
    add(repositoryId: string, acceptance: Omit<Acceptance, 'at'>): Promise<Acceptance | null>
  }
}

const COLLECTION = 'acceptances'
const NUMBER_DIGITS = 8

export const acceptancesIndexes: CollectionIndexes = {
  collection: COLLECTION, indexes: [{ key: { tenantId: 1, repositoryId: 1, version: 1 }, unique: true }, { key: { tenantId: 1, repositoryId: 1, _id: 1 } }],
}

export function createAcceptancesStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): AcceptancesStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<AcceptanceDocument>(COLLECTION)
      const idOf = (repositoryId: string, version: number) => `${tenantId}/${repositoryId}/${String(version).padStart(NUMBER_DIGITS, '0')}`
      return {
        newest: (repositoryId) => own.findOne({ repositoryId }, { sort: { version: -1 } }),
        list: (repositoryId, { after, limit }) => own.page({ repositoryId }, { limit, after: after === undefined ? undefined : idOf(repositoryId, Number(after)) }),
        add: async (repositoryId, acceptance) => {
          const at = clock()
          const isNew = await unlessDuplicate(own.insertOne({ _id: idOf(repositoryId, acceptance.version), repositoryId, ...acceptance, at }))
          return isNew ? { ...acceptance, at } : null
        },
      }
    },
  }
}
