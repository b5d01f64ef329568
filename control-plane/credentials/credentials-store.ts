// Encrypted secrets, one per tenant and purpose. Knows nothing of keys: it stores what the cipher made.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface CredentialRecord extends TenantDocument {
  readonly purpose: string
  readonly ciphertext: string
  /** What it is, in words that are no secret. */
  readonly kind?: string
  readonly storedAt?: Date
  readonly storedBy?: string
  readonly changedAt: Date
}

export interface Replacement {
  readonly tenantId: string
  readonly purpose: string
  readonly before: string
  readonly after: string
}

export interface CredentialsStore {
  for(tenantId: string): {
    get(purpose: string): Promise<CredentialRecord | null>
    put(purpose: string, secret: { readonly ciphertext: string; readonly kind: string; readonly storedBy: string }): Promise<void>
    /** False when the stored one is not `ciphertext` any more. */
    remove(purpose: string, ciphertext: string): Promise<boolean>
  }
  /** Of all tenants. */
  list(page: Page): Promise<CredentialRecord[]>
  /** In one round trip, of all tenants; those whose stored one is not `before` any more are left alone. The ones replaced. */
  replaceAll(replacements: readonly Replacement[]): Promise<readonly Replacement[]>
}

const COLLECTION = 'credentials'
const idOf = (tenantId: string, purpose: string): string => `${tenantId}/${purpose}`

export function createCredentialsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): CredentialsStore {
  const all = collections.acrossTenants<CredentialRecord>(COLLECTION)
  return {
    for: (tenantId) => {
      const credentials = collections.for(tenantId).collection<CredentialRecord>(COLLECTION)
      return {
        get: (purpose) => credentials.findOne({ _id: idOf(tenantId, purpose) }),
        put: async (purpose, secret) => {
          const now = clock()
          await credentials.updateOne({ _id: idOf(tenantId, purpose) }, { $set: { purpose, ...secret, storedAt: now, changedAt: now } }, { upsert: true })
        },
        remove: async (purpose, ciphertext) => (await credentials.deleteOne({ _id: idOf(tenantId, purpose), ciphertext })).deletedCount === 1,
      }
    },
    list: (page) => all.page({}, page),
    replaceAll: async (replacements) => {
      const changedAt = clock()
      const replaced = await all.updateEach(replacements.map(({ tenantId, purpose, before, after }) =>
        ({ tenantId, filter: { _id: idOf(tenantId, purpose), ciphertext: before }, update: { $set: { ciphertext: after, changedAt } } })))
      if (replaced === replacements.length) return replacements
      const now = await all.find({ _id: { $in: replacements.map(({ tenantId, purpose }) => idOf(tenantId, purpose)) } }, { limit: replacements.length })
      const present = new Set(now.map(({ ciphertext }) => ciphertext))
      return replacements.filter(({ after }) => present.has(after))
    },
  }
}
