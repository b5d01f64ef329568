// Calendar feeds as they are stored: the hash of the token's secret part, never the token. Found by the id inside the token before
// the tenant is known, hence the reading across tenants.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface CalendarFeed extends TenantDocument {
  readonly name: string
  /** SHA-256 of the secret part, hex. */
  readonly secretHash: string
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

export interface CalendarFeedsStore {
  find(feedId: string): Promise<CalendarFeed | null>
  for(tenantId: string): {
    add(feed: Pick<CalendarFeed, '_id' | 'name' | 'secretHash' | 'createdAt'>): Promise<void>
    /** False when the tenant has no such feed, or it was revoked already. */
    revoke(feedId: string): Promise<boolean>
    list(page: Page): Promise<CalendarFeed[]>
  }
}

const COLLECTION = 'calendar-feeds'

export const calendarFeedsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, _id: 1 } }] }

export function createCalendarFeedsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): CalendarFeedsStore {
  return {
    find: (feedId) => collections.acrossTenants<CalendarFeed>(COLLECTION).findOne({ _id: feedId }),
    for: (tenantId) => {
      const feeds = collections.for(tenantId).collection<CalendarFeed>(COLLECTION)
      return {
        add: (feed) => feeds.insertOne({ ...feed, revokedAt: null }),
        revoke: async (feedId) => (await feeds.updateOne({ _id: feedId, revokedAt: null }, { $set: { revokedAt: clock() } })).modifiedCount === 1,
        list: (page) => feeds.page({}, page),
      }
    },
  }
}
