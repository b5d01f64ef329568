// Checked answers by the hash of what was asked, per tenant: the same finding in a hundred repositories of one organisation is asked
// once, and what one organisation asked answers nobody else. Holds no prompt.
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface AnswerDocument extends TenantDocument {
  /** JSON; the text 'null' where the model had no answer. */
  readonly answer: string
  readonly model: string
  readonly createdAt: Date
}

export interface StoredAnswer {
  readonly answer: unknown
  readonly model: string
}

export interface AnswersStore {
  for(tenantId: string): {
    find(keys: readonly string[]): Promise<ReadonlyMap<string, StoredAnswer>>
    save(key: string, stored: StoredAnswer): Promise<void>
  }
}

const COLLECTION = 'model-answers'
const KEPT_S = 30 * 24 * 3600

export const answersIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { createdAt: 1 }, expireAfterSeconds: KEPT_S }] }

/** The id of a question's answer: no tenant's is another one's. */
export const answerIdOf = (tenantId: string, key: string): string => createHash('sha256').update(`${tenantId}\0${key}`).digest('hex')

export function createAnswersStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): AnswersStore {
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<AnswerDocument>(COLLECTION)
      const idOf = (key: string) => answerIdOf(tenantId, key)
      return {
        find: async (keys) => {
          const byId = new Map(keys.map((key) => [idOf(key), key]))
          const found = keys.length === 0 ? [] : await own.find({ _id: { $in: [...byId.keys()] } }, { limit: keys.length })
          return new Map(found.map(({ _id, answer, model }) => [byId.get(_id) ?? '', { answer: JSON.parse(answer) as unknown, model }]))
        },
        save: async (key, { answer, model }) => {
          await own.updateOne({ _id: idOf(key) }, { $set: { answer: JSON.stringify(answer), model, createdAt: clock() } }, { upsert: true })
        },
      }
    },
  }
}
