// Reservations as they are stored: the record that every counter can be recomputed from. A record is written before the first
// counter is touched and says how to take everything back. Nothing but `move` writes a state.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { Amounts } from './amounts.ts'
import { coalesce } from './coalesce.ts'

export type ReservationState = 'reserving' | 'reserved' | 'dispatched' | 'settled' | 'returned' | 'refused'

const MOVES: Readonly<Record<ReservationState, readonly ReservationState[]>> = {
  reserving: ['reserved', 'refused', 'returned'],
  reserved: ['dispatched', 'returned'],
  dispatched: ['settled', 'returned'],
  settled: [],
  returned: [],
  refused: [],
}

export interface Settlement extends Amounts {
  /** The model that answered: the one that is billed. */
  readonly model: string
}

export interface ReservationDocument extends TenantDocument {
  readonly state: ReservationState
  readonly actor: string
  readonly repositoryId: string
  readonly purpose: string
  readonly model: string
  /** The most that the call can use. */
  readonly asked: Amounts
  /** False when the price is not known and no money quota holds: its cost counts as nothing and is listed as unpriced. */
  readonly isPriced: boolean
  /** The UTC day and month that it counts in, whenever it ends. */
  readonly day: string
  readonly month: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** When the sweep has to look at it; absent once it has ended and no counter holds it any more. */
  readonly dueAt?: Date
  readonly settled: Settlement | null
  /** True when nobody said what the call used, and the most that it could use was settled. */
  readonly isSettledByExpiry: boolean
}

type Change = Partial<Pick<ReservationDocument, 'settled' | 'isSettledByExpiry'>> & { readonly dueAt: Date }

export interface ReservationsStore {
  /** By its id alone: the tenant is in the record. */
  find(id: string): Promise<ReservationDocument | null>
  /** Those that the sweep has to look at. */
  due(before: Date, limit: number): Promise<ReservationDocument[]>
  for(tenantId: string): {
    insert(record: Omit<ReservationDocument, 'tenantId'>): Promise<void>
    /** One compare-and-set; false when it was not in this state any more, or had expired where `unexpired` asks. */
    move(id: string, step: { readonly from: ReservationState; readonly to: ReservationState; readonly unexpired?: boolean }, change: Change): Promise<boolean>
    /** No counter holds it any more. */
    close(id: string): Promise<void>
    /** Records whose fate is open: they may still give back what they hold. */
    reserving(limit: number): Promise<Pick<ReservationDocument, '_id' | 'asked'>[]>
    /** Both days included. */
    between(days: { readonly from: string; readonly to: string }, page: Page): Promise<ReservationDocument[]>
    ofMonth(month: string, page: Page): Promise<ReservationDocument[]>
  }
}

const COLLECTION = 'quota-reservations'
const MOST_INSERTS = 500
/** One list of ids in a filter costs the embedded server the square of its length, so these go one by one, a few at a time:
 *  hundreds at once would wait for a connection until that times out. */
const MOST_UPDATES = 16

export const reservationsIndexes: CollectionIndexes = {
  collection: COLLECTION,
  indexes: [{ key: { dueAt: 1 } }, { key: { tenantId: 1, state: 1 } }, { key: { tenantId: 1, day: 1 } }, { key: { tenantId: 1, month: 1 } }],
}

export function createReservationsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): ReservationsStore {
  const all = collections.acrossTenants<ReservationDocument>(COLLECTION)
  const of = (tenantId: string) => collections.for(tenantId).collection<ReservationDocument>(COLLECTION)
  const insert = coalesce<Omit<ReservationDocument, 'tenantId'>, undefined>(async (tenantId, records) => {
    await of(tenantId).insertMany(records)
    return records.map(() => undefined)
  }, MOST_INSERTS)
  const update = coalesce<() => Promise<boolean>, boolean>((_tenantId, updates) => Promise.all(updates.map((each) => each())), MOST_UPDATES)
  return {
    find: (id) => all.findOne({ _id: id }),
    due: (before, limit) => all.find({ dueAt: { $lt: before } }, { limit }),
    for: (tenantId) => {
      const own = of(tenantId)
      return {
        insert: (record) => insert(tenantId, record),
        move: async (id, { from, to, unexpired = false }, change) => {
          if (!MOVES[from].includes(to)) throw new TypeError(`A reservation does not go from ${from} to ${to}`)
          const filter = { _id: id, state: from, ...(unexpired ? { expiresAt: { $gt: clock() } } : {}) }
          return update(tenantId, async () => (await own.updateOne(filter, { $set: { state: to, ...change } })).modifiedCount === 1)
        },
        close: async (id) => {
          const ended = { _id: id, state: { $in: ['settled', 'returned', 'refused'] as ReservationState[] } }
          await update(tenantId, async () => (await own.updateOne(ended, { $unset: { dueAt: '' } })).modifiedCount === 1)
        },
        reserving: (limit) => own.find({ state: 'reserving' }, { limit, projection: { asked: 1 } }),
        between: ({ from, to }, page) => own.page({ day: { $gte: from, $lte: to } }, page),
        ofMonth: (month, page) => own.page({ month }, page),
      }
    },
  }
}
