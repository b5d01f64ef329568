// Encrypted secrets, one per tenant and purpose. Knows nothing of keys: it stores what the cipher made.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface CredentialRecord extends TenantDocument {
  readonly purpose: string
  readonly ciphertext: string
  readonly changedAt: Date
}

export interface CredentialsStore {
  for(tenantId: string): {
    get(purpose: string): Promise<string | null>
    put(purpose: string, ciphertext: string): Promise<void>
    /** False when the stored one is not `before` any more. */
    replace(purpose: string, before: string, after: string): Promise<boolean>
  }
  /** Of all tenants. */
  list(page: Page): Promise<{ id: string; tenantId: string; purpose: string; ciphertext: string }[]>
}

const COLLECTION = 'credentials'

export function createCredentialsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): CredentialsStore {
  return {
    for: (tenantId) => {
      const credentials = collections.for(tenantId).collection<CredentialRecord>(COLLECTION)
      const _id = (purpose: string) => `${tenantId}/${purpose}`
      return {
        get: async (purpose) => (await credentials.findOne({ _id: _id(purpose) }))?.ciphertext ?? null,
        put: async (purpose, ciphertext) => {
          await credentials.updateOne({ _id: _id(purpose) }, { $set: { purpose, ciphertext, changedAt: clock() } }, { upsert: true })
        },
        replace: async (purpose, before, after) => {
          const { modifiedCount } = await credentials.updateOne({ _id: _id(purpose), ciphertext: before }, { $set: { ciphertext: after, changedAt: clock() } })
          return modifiedCount === 1
        },
      }
    },
    list: async (page) => {
      const found = await collections.acrossTenants<CredentialRecord>(COLLECTION).page({}, page)
      return found.map(({ _id, tenantId, purpose, ciphertext }) => ({ id: _id, tenantId, purpose, ciphertext }))
    },
  }
}
