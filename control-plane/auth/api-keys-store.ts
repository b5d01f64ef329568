// API keys as they are stored: the hash of the secret part, never the secret. Found by the id inside the key before the
// tenant is known, hence the reading across tenants.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { Scope } from './principal.ts'

export interface ApiKeyRecord extends TenantDocument {
  readonly name: string
  /** SHA-256 of the secret part, hex. */
  readonly secretHash: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** To the minute. */
  readonly lastUsedAt: Date | null
}

export interface ApiKeysStore {
  find(keyId: string): Promise<ApiKeyRecord | null>
  for(tenantId: string): {
    add(key: Omit<ApiKeyRecord, 'tenantId' | 'revokedAt' | 'lastUsedAt'>): Promise<void>
    /** False when the tenant has no such key, or it was revoked already. */
    revoke(keyId: string): Promise<boolean>
    markUsed(keyId: string, at: Date): Promise<void>
    list(page: Page): Promise<ApiKeyRecord[]>
  }
}

const COLLECTION = 'api-keys'

export function createApiKeysStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): ApiKeysStore {
  return {
    find: (keyId) => collections.acrossTenants<ApiKeyRecord>(COLLECTION).findOne({ _id: keyId }),
    for: (tenantId) => {
      const keys = collections.for(tenantId).collection<ApiKeyRecord>(COLLECTION)
      return {
        add: (key) => keys.insertOne({ ...key, revokedAt: null, lastUsedAt: null }),
        revoke: async (keyId) => (await keys.updateOne({ _id: keyId, revokedAt: null }, { $set: { revokedAt: clock() } })).modifiedCount === 1,
        markUsed: async (keyId, at) => {
          await keys.updateOne({ _id: keyId }, { $set: { lastUsedAt: at } })
        },
        list: (page) => keys.page({}, page),
      }
    },
  }
}
