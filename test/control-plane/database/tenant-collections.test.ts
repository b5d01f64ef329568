import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { isDuplicateKey } from '../../../control-plane/database/database-errors.ts'
import { newId } from '../../../control-plane/database/new-id.ts'
import type { TenantCollection, TenantDocument } from '../../../control-plane/database/tenant-collections.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'

interface Note extends TenantDocument {
  readonly name: string
  readonly count?: number
}

let database: TestDatabase
let ours: TenantCollection<Note>
let theirs: TenantCollection<Note>

beforeAll(async () => {
  database = await openTestDatabase()
  ours = database.collections.for('ours').collection<Note>('notes')
  theirs = database.collections.for('theirs').collection<Note>('notes')
  await ensureIndexes(database.db, [{ collection: 'notes', indexes: [{ key: { tenantId: 1, name: 1 }, unique: true }] }])
  await ours.insertOne({ _id: 'a', name: 'first' })
  await theirs.insertOne({ _id: 'b', name: 'first' })
})
afterAll(() => database.close())

describe('a tenant-scoped collection', () => {
  test('reads only the documents of its tenant, whatever the filter says', async () => {
    expect(await ours.find({}, { limit: 10 })).toEqual([{ _id: 'a', name: 'first', tenantId: 'ours' }])
    expect(await ours.findOne({ _id: 'b' })).toBeNull()
    expect(await ours.findOne({ _id: 'b', tenantId: 'theirs' })).toBeNull()
    expect(await ours.find({ $or: [{ _id: 'a' }, { _id: 'b' }] }, { limit: 10 })).toHaveLength(1)
    expect(await ours.page({ $or: [{ _id: 'a' }, { tenantId: 'theirs' }] }, { limit: 10 })).toHaveLength(1)
    expect(await ours.count({}, 10)).toBe(1)
  })

  test('changes and removes only the documents of its tenant', async () => {
    expect((await ours.updateOne({ _id: 'b' }, { $set: { count: 1 } })).matchedCount).toBe(0)
    expect((await ours.updateMany({ name: 'first' }, { $set: { count: 2 } })).modifiedCount).toBe(1)
    expect((await ours.deleteOne({ _id: 'b' })).deletedCount).toBe(0)
    expect((await ours.deleteMany({ tenantId: 'theirs' })).deletedCount).toBe(1)
    expect(await theirs.findOne({ _id: 'b' })).toEqual({ _id: 'b', name: 'first', tenantId: 'theirs' })
    await ours.insertOne({ _id: 'a', name: 'first' })
  })

  test('puts its tenant into inserts and upserts, even if the document names another', async () => {
    const foreign = { _id: 'c', name: 'third', tenantId: 'theirs' }
    await ours.insertOne(foreign)
    await ours.updateOne({ _id: 'd' }, { $set: { name: 'fourth' } }, { upsert: true })
    expect((await ours.page({}, { after: 'b', limit: 10 })).map(({ _id, tenantId }) => [_id, tenantId])).toEqual([['c', 'ours'], ['d', 'ours']])
  })

  test('refuses to move a document to another tenant', async () => {
    await expect(ours.updateOne({ _id: 'a' }, { $set: { tenantId: 'theirs' } })).rejects.toThrow(TypeError)
    await expect(ours.updateMany({}, { $rename: { name: 'tenantId' } })).rejects.toThrow(TypeError)
    await expect(ours.updateOne({ _id: 'a' }, [{ $set: { name: 'x' } }] as never)).rejects.toThrow(TypeError)
  })

  test('refuses a tenant without a name', () => {
    expect(() => database.collections.for('').collection('notes')).toThrow(TypeError)
  })

  test('lets two tenants have the same key, and one tenant only once', async () => {
    const error: unknown = await ours.insertOne({ _id: 'e', name: 'first' }).catch((thrown: unknown) => thrown)
    expect(isDuplicateKey(error)).toBe(true)
  })
})

test('a page across tenants is in the order of the ids, not of insertion', async () => {
  const ids = ['m', 'c', 'z', 'a', 'q', 'b']
  for (const id of ids) await database.collections.for(`t-${id}`).collection<Note>('paged').insertOne({ _id: id, name: id })
  const paged = database.collections.acrossTenants<Note>('paged')
  const first = await paged.page({}, { limit: 3 })
  const second = await paged.page({}, { after: first.at(-1)?._id, limit: 10 })
  expect([...first, ...second].map(({ _id }) => _id)).toEqual([...ids].sort())
})

test('a unique index that does not start with the tenant is refused', async () => {
  const declaration = { collection: 'notes', indexes: [{ key: { name: 1 as const }, unique: true as const }] }
  await expect(ensureIndexes(database.db, [declaration])).rejects.toThrow('must start with tenantId')
})

test('ids sort by the time at which they were made', () => {
  const early = newId(new Date('2026-01-01T00:00:00Z'))
  const late = newId(new Date('2026-01-01T00:00:00.001Z'))
  expect(early < late).toBe(true)
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
