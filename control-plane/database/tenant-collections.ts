// The only way to the stored documents. A collection made for a tenant puts the tenant into every filter and every
// insert; across tenants there is only reading. Aggregation is left out on purpose: its stages can leave the tenant.
import type { Collection, Db, DeleteResult, Filter, FindOptions, OptionalUnlessRequiredId, UpdateFilter, UpdateOptions, UpdateResult, WithId } from 'mongodb'
import { onDatabase } from './database-errors.ts'

export type { Filter, UpdateFilter }

/** Every stored document: a string id (see newId) and the tenant that owns it. */
export interface TenantDocument {
  readonly _id: string
  readonly tenantId: string
}

export type InsertDocument<T extends TenantDocument> = Omit<T, 'tenantId'>
type Reading = Pick<FindOptions, 'projection' | 'limit' | 'sort'>

/** A part of a list in the order of `_id`: at most `limit` documents after the one with this id. */
export interface Page {
  readonly after?: string | undefined
  /** Default: the smallest id first, which is the oldest. */
  readonly newestFirst?: boolean
  readonly limit: number
}

export interface TenantCollection<T extends TenantDocument> {
  /** Throws the driver's error; see isDuplicateKey. */
  insertOne(document: InsertDocument<T>): Promise<void>
  insertMany(documents: readonly InsertDocument<T>[]): Promise<void>
  findOne(filter: Filter<T>, options?: Reading): Promise<T | null>
  /** Without `sort` in no promised order: use `page` to walk through everything. */
  find(filter: Filter<T>, options: Reading & { readonly limit: number }): Promise<T[]>
  page(filter: Filter<T>, page: Page): Promise<T[]>
  updateOne(filter: Filter<T>, update: UpdateFilter<T>, options?: Pick<UpdateOptions, 'upsert'>): Promise<UpdateResult>
  updateMany(filter: Filter<T>, update: UpdateFilter<T>): Promise<UpdateResult>
  deleteOne(filter: Filter<T>): Promise<DeleteResult>
  deleteMany(filter: Filter<T>): Promise<DeleteResult>
  /** Counts at most `limit` documents. */
  count(filter: Filter<T>, limit: number): Promise<number>
}

/** For what serves all tenants (sweeps, key lookup, key rotation). Every write names its tenant: take it from the document. */
export interface AcrossTenants<T extends TenantDocument> extends Reader<T> {
  /** In one round trip; the number of changed documents. */
  updateEach(updates: readonly TenantUpdate<T>[]): Promise<number>
  insertEach(documents: readonly T[]): Promise<void>
}

export interface TenantUpdate<T extends TenantDocument> {
  readonly tenantId: string
  readonly filter: Filter<T>
  readonly update: UpdateFilter<T>
}

interface Reader<T extends TenantDocument> {
  findOne(filter: Filter<T>, options?: Reading): Promise<T | null>
  /** Without `sort` in no promised order. */
  find(filter: Filter<T>, options: Reading & { readonly limit: number }): Promise<T[]>
  page(filter: Filter<T>, page: Page): Promise<T[]>
  count(filter: Filter<T>, limit: number): Promise<number>
}

export interface TenantCollections {
  for(tenantId: string): { collection<T extends TenantDocument>(name: string): TenantCollection<T> }
  acrossTenants<T extends TenantDocument>(name: string): AcrossTenants<T>
}

export function createTenantCollections(db: Db): TenantCollections {
  return {
    for: (tenantId) => ({
      collection: <T extends TenantDocument>(name: string) => scoped<T>(db.collection<T>(name), tenantId),
    }),
    acrossTenants: <T extends TenantDocument>(name: string) => ({ ...reading<T>(db.collection<T>(name), (filter) => filter), ...writingEach<T>(db.collection<T>(name)) }),
  }
}

function scoped<T extends TenantDocument>(raw: Collection<T>, tenantId: string): TenantCollection<T> {
  if (typeof tenantId !== 'string' || tenantId === '') throw new TypeError('A collection needs a tenant')
  const own = (filter: Filter<T>): Filter<T> => ({ ...filter, tenantId })
  const owned = (document: InsertDocument<T>) => ({ ...document, tenantId }) as unknown as OptionalUnlessRequiredId<T>
  return {
    ...reading(raw, own),
    insertOne: async (document) => {
      await onDatabase(() => raw.insertOne(owned(document)))
    },
    insertMany: async (documents) => {
      await onDatabase(() => raw.insertMany(documents.map(owned), { ordered: false }))
    },
    updateOne: (filter, update, options = {}) => onDatabase(() => raw.updateOne(own(filter), keepingTenant(update), options)),
    updateMany: (filter, update) => onDatabase(() => raw.updateMany(own(filter), keepingTenant(update))),
    deleteOne: (filter) => onDatabase(() => raw.deleteOne(own(filter))),
    deleteMany: (filter) => onDatabase(() => raw.deleteMany(own(filter))),
  }
}

function reading<T extends TenantDocument>(raw: Collection<T>, own: (filter: Filter<T>) => Filter<T>): Reader<T> {
  const plain = (found: WithId<T>): T => found as unknown as T
  return {
    findOne: async (filter, options = {}) => {
      const found = await onDatabase(() => raw.findOne(own(filter), options))
      return found === null ? null : plain(found)
    },
    find: async (filter, options) => (await onDatabase(() => raw.find(own(filter), options).toArray())).map(plain),
    page: async (filter, { after, newestFirst = false, limit }) => {
      const part = after === undefined ? filter : ({ $and: [filter, { _id: newestFirst ? { $lt: after } : { $gt: after } }] } as Filter<T>)
      return (await onDatabase(() => raw.find(own(part)).sort({ _id: newestFirst ? -1 : 1 }).limit(limit).toArray())).map(plain)
    },
    count: (filter, limit) => onDatabase(() => raw.countDocuments(own(filter), { limit })),
  }
}

function writingEach<T extends TenantDocument>(raw: Collection<T>): Pick<AcrossTenants<T>, 'updateEach' | 'insertEach'> {
  return {
    updateEach: async (updates) => {
      if (updates.length === 0) return 0
      const operations = updates.map(({ tenantId, filter, update }) => ({ updateOne: { filter: { ...filter, tenantId }, update: keepingTenant(update) } }))
      return (await onDatabase(() => raw.bulkWrite(operations, { ordered: false }))).modifiedCount
    },
    insertEach: async (documents) => {
      if (documents.length > 0) await onDatabase(() => raw.insertMany(documents as unknown as OptionalUnlessRequiredId<T>[], { ordered: false }))
    },
  }
}

/** Refuses an update that would move a document to another tenant, whatever operator carries it. */
function keepingTenant<T extends TenantDocument>(update: UpdateFilter<T>): UpdateFilter<T> {
  if (Array.isArray(update)) throw new TypeError('Update pipelines are not used: they can rewrite the tenant')
  const operators: Record<string, object> = { ...update }
  for (const [operator, fields] of Object.entries(operators)) {
    const renamed = operator === '$rename' && Object.values(fields).includes('tenantId')
    if ('tenantId' in fields || renamed) throw new TypeError('An update cannot change the tenant of a document')
  }
  return update
}
