// The versions of each organisation's policy. A version is never changed: a new one is written beside it, and two authors who start
// from the same version cannot both win, because the number is part of the id.
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface PolicyVersion {
  readonly version: number
  /** As a policy file is written (docs/policy.md). */
  readonly text: string
  readonly by: string
  readonly reason: string
  readonly at: Date
}

interface PolicyVersionDocument extends TenantDocument, PolicyVersion {}

/** `after` is a version's number as text. */
export interface PolicyVersionsStore {
  for(tenantId: string): {
    /** Null before the first. */
    newest(): Promise<PolicyVersion | null>
    /** Oldest first. */
    list(page: Page): Promise<PolicyVersion[]>
    /** False when somebody else has written this version. */
    add(version: Omit<PolicyVersion, 'at'>): Promise<boolean>
  }
}

const COLLECTION = 'policy-versions'
const NUMBER_DIGITS = 8

export const policyVersionsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, version: 1 }, unique: true }, { key: { tenantId: 1, _id: 1 } }] }

export function createPolicyVersionsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): PolicyVersionsStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<PolicyVersionDocument>(COLLECTION)
      const idOf = (version: number) => `${tenantId}/${String(version).padStart(NUMBER_DIGITS, '0')}`
      return {
        newest: async () => {
          // Numbers have no holes: the last one is as many as there are.
          const count = await own.count({}, 10 ** NUMBER_DIGITS)
          return count === 0 ? null : own.findOne({ version: count })
        },
        list: ({ after, limit }) => own.page({}, { limit, after: after === undefined ? undefined : idOf(Number(after)) }),
        add: (version) => unlessDuplicate(own.insertOne({ _id: idOf(version.version), ...version, at: clock() })),
      }
    },
  }
}
