// Which questions of a tenant are being asked at the moment, by whatever process: analyses with the same question make one call and
// share its answer. A claim has a lease that its holder renews, so that one whose process died is taken over.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import { answerIdOf } from './answers-store.ts'

interface ClaimDocument extends TenantDocument {
  readonly holder: string
  readonly until: Date
}

export interface Claim {
  /** Asked by nobody else: for the holder to ask. */
  readonly own: ReadonlySet<string>
  /** Has to be called, whatever becomes of the call, and before others are waited for: two claims could wait for each other. */
  release(): Promise<void>
}

export interface QuestionClaimsStore {
  for(tenantId: string): {
    claim(keys: readonly string[]): Promise<Claim>
    /** Resolves when nobody asks any of them any more, answered or not, and after `mostMs` at the latest. Rejects when the signal is aborted. */
    ended(keys: readonly string[], limits: { readonly mostMs: number; readonly signal: AbortSignal }): Promise<void>
  }
}

const COLLECTION = 'question-claims'
export const CLAIM_LEASE_MS = 30_000
const RENEW_MS = 10_000
const POLL_MS = 200
/** Claims that ran out and that nobody took over. */
const KEPT_S = 3_600

export const questionClaimsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { until: 1 }, expireAfterSeconds: KEPT_S }] }

export function createQuestionClaimsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): QuestionClaimsStore {
  const leaseEnd = () => new Date(clock().getTime() + CLAIM_LEASE_MS)
  return {
    for: (tenantId) => {
      const all = collections.for(tenantId).collection<ClaimDocument>(COLLECTION)
      const idsOf = (keys: Iterable<string>) => [...keys].map((key) => answerIdOf(tenantId, key))
      /** Inserts, or takes over what ran out; a claim that stands makes the insert a duplicate. */
      const take = (key: string, holder: string): Promise<boolean> =>
        unlessDuplicate(all.updateOne({ _id: answerIdOf(tenantId, key), until: { $lte: clock() } }, { $set: { holder, until: leaseEnd() } }, { upsert: true }))
      return {
        claim: async (keys) => {
          const holder = randomUUID()
          const own = new Set<string>()
          const mine = () => ({ _id: { $in: idsOf(own) }, holder })
          let isContended = false
          // In one order for all, and after the first that somebody else has, a pause: who came first gets the rest too, and asks
          // everything in one call.
          for (const key of [...keys].sort()) {
            if (await take(key, holder)) own.add(key)
            else if (!isContended) {
              isContended = true
              await pause(POLL_MS)
            }
          }
          // One that is not renewed runs out, which costs a second call and nothing else.
          const renewing = setInterval(() => void all.updateMany(mine(), { $set: { until: leaseEnd() } }).catch(() => undefined), RENEW_MS).unref()
          return {
            own,
            release: async () => {
              clearInterval(renewing)
              if (own.size > 0) await all.deleteMany(mine())
            },
          }
        },
        ended: async (keys, { mostMs, signal }) => {
          const ids = idsOf(keys)
          const startedAt = performance.now()
          while (performance.now() - startedAt < mostMs) {
            if ((await all.count({ _id: { $in: ids }, until: { $gt: clock() } }, 1)) === 0) return
            await pause(POLL_MS, undefined, { signal })
          }
        },
      }
    },
  }
}
