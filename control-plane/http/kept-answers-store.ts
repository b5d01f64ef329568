// What writes that came with an idempotency key were answered: one document a key, removed a day later.
import { DAY_MS } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface KeptAnswer {
  readonly status: number
  /** Those that belong to the answer itself, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it was sent; null where it held a secret, which is not kept. */
  readonly body: string | null
}

interface KeptAnswerDocument extends TenantDocument {
  /** Of everything that makes the request what it is. */
  readonly requestHash: string
  /** Whose work it is; another one's end does not count. */
  readonly claimId: string
  /** Until then nobody else begins the same work. */
  readonly claimedUntil: Date
  /** Null while the work goes on. */
  readonly answer: KeptAnswer | null
  readonly expiresAt: Date
}

export interface Claim {
  readonly id: string
  readonly claimId: string
}

export interface KeptAnswersStore {
  for(tenantId: string): {
    /** Null: the work is the caller's to do. Else what was begun under this id before, or is done. */
    claim(claim: Claim, work: { readonly requestHash: string; readonly now: Date }): Promise<Pick<KeptAnswerDocument, 'requestHash' | 'answer'> | null>
    keep(claim: Claim, answer: KeptAnswer): Promise<void>
    /** Nothing was done: the next request begins anew. */
    release(claim: Claim): Promise<void>
  }
}

const COLLECTION = 'kept-answers'
const KEPT_MS = DAY_MS
/** Longer than any write takes. After that its process is taken for dead. */
const CLAIM_MS = 120_000

export const keptAnswersIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }] }

export function createKeptAnswersStore(collections: TenantCollections): KeptAnswersStore {
  return {
    for: (tenantId) => {
      const answers = collections.for(tenantId).collection<KeptAnswerDocument>(COLLECTION)
      return {
        claim: async ({ id, claimId }, { requestHash, now }) => {
          const work = { requestHash, claimId, claimedUntil: new Date(now.getTime() + CLAIM_MS), answer: null, expiresAt: new Date(now.getTime() + KEPT_MS) }
          if (await unlessDuplicate(answers.insertOne({ _id: id, ...work }))) return null
          // What has expired, or whose process died, is begun anew. The database removes expired documents once a minute only.
          const isFree = { $or: [{ expiresAt: { $lte: now } }, { answer: null, claimedUntil: { $lte: now }, requestHash }] }
          const taken = await answers.updateOne({ _id: id, ...isFree }, { $set: work })
          if (taken.modifiedCount === 1) return null
          // Gone since: whoever had it released it, and the caller may try again.
          return (await answers.findOne({ _id: id })) ?? { requestHash, answer: null }
        },
        keep: async ({ id, claimId }, answer) => {
          await answers.updateOne({ _id: id, claimId }, { $set: { answer } })
        },
        release: async ({ id, claimId }) => {
          await answers.deleteOne({ _id: id, claimId, answer: null })
        },
      }
    },
  }
}
