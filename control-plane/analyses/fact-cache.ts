// The database as a cache of facts: what came from a public repository serves every tenant, everything else only its own.
// Old entries go by themselves.
import { createHash } from 'node:crypto'
import type { FactCache, FactCacheEntry, FactScope } from '../../facts/fact-cache.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface FactDocument extends TenantDocument, FactCacheEntry {
  readonly key: string
  readonly confirmedAt: Date
}

const COLLECTION = 'facts'
const KEPT_S = 30 * 24 * 3600
/** Stands where a tenant would: no tenant's id looks like it (they contain an @). */
const EVERYONE = 'public'

export const factsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { confirmedAt: 1 }, expireAfterSeconds: KEPT_S }] }

export function createFactCache(collections: TenantCollections): FactCache {
  const of = (scope: FactScope) => collections.for(scope === 'public' ? EVERYONE : scope.slice('tenant:'.length)).collection<FactDocument>(COLLECTION)
  const idOf = (key: string, scope: FactScope) => createHash('sha256').update(`${scope}\0${key}`).digest('hex')
  return {
    get: async (key, scope) => {
      const found = await of(scope).findOne({ _id: idOf(key, scope) })
      return found === null ? null : { answer: found.answer, etag: found.etag, confirmedAtMs: found.confirmedAtMs }
    },
    set: async (key, scope, entry) => {
      const fields = { key, ...entry, confirmedAt: new Date(entry.confirmedAtMs) }
      await of(scope).updateOne({ _id: idOf(key, scope) }, { $set: fields }, { upsert: true })
    },
  }
}
