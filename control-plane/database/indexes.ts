// Indexes: each store declares its own next to its code, the composition root creates them all at boot.
// Creating an index that exists already changes nothing, so every process may do it.
import type { Db } from 'mongodb'

export interface IndexDeclaration {
  readonly key: Readonly<Record<string, 1 | -1>>
  readonly unique?: true
  /** Seconds after the Date in the (only) field at which a document is removed. */
  readonly expireAfterSeconds?: number
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>
}

export interface CollectionIndexes {
  readonly collection: string
  readonly indexes: readonly IndexDeclaration[]
}

/** Throws when a unique index does not start with the tenant: it would tell one tenant what another one has. */
export async function ensureIndexes(db: Db, declarations: readonly CollectionIndexes[]): Promise<void> {
  for (const { collection, indexes } of declarations) {
    for (const { key, ...options } of indexes) {
      if (options.unique === true && Object.keys(key)[0] !== 'tenantId') {
        throw new TypeError(`The unique index on ${collection} ${JSON.stringify(key)} must start with tenantId`)
      }
      await db.createIndex(collection, { ...key }, options)
    }
  }
}
