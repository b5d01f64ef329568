// What each process counted in a minute, one document a process: written and read once a second, never for a request.
import { createHash } from 'node:crypto'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface CountsDocument extends TenantDocument {
  readonly window: number
  /** By the hash of a key: it names addresses and actors. */
  readonly counts: Readonly<Record<string, number>>
}

export interface RequestCountsStore {
  /** Replaces what this process said before. */
  write(processId: string, window: number, counts: ReadonlyMap<string, number>): Promise<void>
  /** The sum of what the others counted of these keys. */
  readOthers(processId: string, window: number, keys: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** What processes left behind that are gone. */
  removeBefore(window: number): Promise<void>
}

const COLLECTION = 'request-counts'
/** Limits belong to the service: no tenant's id looks like it (they contain an @). */
const EVERYONE = 'public'
const MOST_PROCESSES = 200
/** Of 72 bits: two callers that share one would share a limit. */
const HASH_LENGTH = 12

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, HASH_LENGTH)

export function createRequestCountsStore(collections: TenantCollections): RequestCountsStore {
  const all = collections.for(EVERYONE).collection<CountsDocument>(COLLECTION)
  return {
    write: async (processId, window, counts) => {
      const hashed = Object.fromEntries([...counts].map(([key, count]) => [hashOf(key), count]))
      await all.updateOne({ _id: processId }, { $set: { window, counts: hashed } }, { upsert: true })
    },
    readOthers: async (processId, window, keys) => {
      const documents = await all.find({ window, _id: { $ne: processId } }, { limit: MOST_PROCESSES })
      return new Map(keys.map((key) => {
        const hash = hashOf(key)
        return [key, documents.reduce((sum, { counts }) => sum + (counts[hash] ?? 0), 0)]
      }))
    },
    removeBefore: async (window) => {
      await all.deleteMany({ window: { $lt: window } })
    },
  }
}
