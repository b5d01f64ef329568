// Sessions of people. The cookie names one; this record is what makes it count, so that it can end before its time.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface SessionRecord extends TenantDocument {
  readonly userId: string
  readonly login: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

export interface SessionsStore {
  find(sessionId: string): Promise<SessionRecord | null>
  for(tenantId: string): {
    add(session: Pick<SessionRecord, '_id' | 'userId' | 'login' | 'createdAt' | 'expiresAt'>): Promise<void>
    /** False when the tenant has no such session, or it has ended. */
    revoke(sessionId: string): Promise<boolean>
    /** Those that have not ended. */
    list(page: Page): Promise<SessionRecord[]>
  }
}

const COLLECTION = 'sessions'
const KEPT_AFTER_END_SECONDS = 86_400

export const sessionsIndexes: CollectionIndexes = {
  collection: COLLECTION,
  indexes: [{ key: { tenantId: 1, _id: 1 } }, { key: { expiresAt: 1 }, expireAfterSeconds: KEPT_AFTER_END_SECONDS }],
}

export function createSessionsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): SessionsStore {
  return {
    find: (sessionId) => collections.acrossTenants<SessionRecord>(COLLECTION).findOne({ _id: sessionId }),
    for: (tenantId) => {
      const sessions = collections.for(tenantId).collection<SessionRecord>(COLLECTION)
      return {
        add: (session) => sessions.insertOne({ ...session, revokedAt: null }),
        revoke: async (sessionId) => {
          const now = clock()
          return (await sessions.updateOne({ _id: sessionId, revokedAt: null, expiresAt: { $gt: now } }, { $set: { revokedAt: now } })).modifiedCount === 1
        },
        list: (page) => sessions.page({ revokedAt: null, expiresAt: { $gt: clock() } }, page),
      }
    },
  }
}
