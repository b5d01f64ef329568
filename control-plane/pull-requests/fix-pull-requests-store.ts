// The fix pull requests of an organisation: one record for each repository, and the places of the budget that they hold. A place is a
// number that the database gives out once, so that any number of workers together stay inside the budget.
import type { Severity } from '../../analysis/finding.ts'
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import { newId } from '../database/new-id.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Filter, Page, TenantCollection, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { ShownState } from './shown-state.ts'

export interface FixPullRequestDocument extends TenantDocument {
  readonly repositoryId: string
  /** owner/name, as it was called last. */
  readonly repository: string
  /**
   * `waiting`: there are fixes, and no room in the budget. `opening`: the place is taken, the code host has not answered. `closed`: it is
   * not open any more, `merged`: since somebody merged it.
   */
  readonly state: 'waiting' | 'opening' | 'open' | Ended
  /** Its place among those that are open at once; absent when it holds none. */
  readonly slot?: number
  /** `YYYYMMDD` times 10,000 plus its place on that day; absent before the first. */
  readonly daySlot?: number
  /** The id of the audit log's entry on its opening; absent when that is written. */
  readonly openingId?: string
  readonly number: number | null
  readonly url: string | null
  /** Of the gravest finding that it repairs. */
  readonly severity: Severity
  /** Which fixes it has. */
  readonly fixes: 'safe' | 'all'
  /** Absent from what earlier versions wrote. */
  readonly repairs?: Repairs
  /** When it was first seen open; absent before, and from what earlier versions wrote. */
  readonly openedAt?: Date
  /** Since when it is in its state. */
  readonly since: Date
  /** Nothing is opened before. */
  readonly snoozedUntil: Date | null
}

export type Ended = 'closed' | 'merged'

export interface Repairs {
  /** How many it repairs. */
  readonly findings: number
  /** How many it changes, and their paths, as many as are kept. */
  readonly files: number
  readonly paths: readonly string[]
}

/** What there is to repair, and where. */
export type Repair = Pick<FixPullRequestDocument, 'repositoryId' | 'repository' | 'severity' | 'fixes' | 'repairs'>

export interface PullRequestQuery {
  readonly state?: ShownState | undefined
  readonly severity?: Severity | undefined
  readonly repositoryId?: string | undefined
}

export interface Limits {
  readonly maxOpen: number
  readonly maxPerDay: number
}

export type Claimed = 'granted' | 'max-open' | 'max-per-day'

export interface FixPullRequestsStore {
  /** With at least one repository that waits for room. */
  tenantsThatWait(): Promise<readonly string[]>
  for(tenantId: string): {
    get(repositoryId: string): Promise<FixPullRequestDocument | null>
    /** Takes a place among the open ones and one of the day, or leaves the repository waiting. What is held already is granted again. */
    claim(repair: Repair, limits: Limits): Promise<Claimed>
    wait(repair: Repair): Promise<void>
    /** It stands on the code host. */
    open(repair: Repair, pull: Pick<FixPullRequestDocument, 'number' | 'url'>): Promise<void>
    /** The audit log has its opening. */
    told(repositoryId: string): Promise<void>
    /** Gives its place among the open ones back. */
    close(repositoryId: string, ended: Ended): Promise<void>
    /** Gives the places of one that was not opened back, that of the day too. */
    abandon(repositoryId: string): Promise<void>
    snooze(repository: Pick<Repair, 'repositoryId' | 'repository'>, until: Date): Promise<void>
    inState(state: FixPullRequestDocument['state'], limit: number): Promise<FixPullRequestDocument[]>
    /** In the order of repositories' ids, which says nothing about time. Leaves out repositories that never had one, and wait for none. */
    list(query: PullRequestQuery, page: Page): Promise<FixPullRequestDocument[]>
    /** How many places are taken among the open ones, and of this day. */
    used(): Promise<{ readonly open: number; readonly today: number }>
    countWaiting(): Promise<number>
    /** How many may still be opened now, the narrower limit counting. */
    room(limits: Limits): Promise<number>
  }
}

const COLLECTION = 'fix-pull-requests'
/** More can neither be open at once nor opened on one day, whatever a policy says. */
const MOST_PLACES = 10_000
const MOST_WAITING = 100_000
/** Others may take the free place first; each time somebody got one. */
const ROUNDS = 50

export const fixPullRequestsIndexes: CollectionIndexes = {
  collection: COLLECTION,
  indexes: [
    { key: { tenantId: 1, slot: 1 }, unique: true, partialFilterExpression: { slot: { $gte: 0 } } },
    { key: { tenantId: 1, daySlot: 1 }, unique: true, partialFilterExpression: { daySlot: { $gte: 0 } } },
    { key: { tenantId: 1, _id: 1 } },
    { key: { tenantId: 1, state: 1, _id: 1 } },
    { key: { state: 1, tenantId: 1 }, partialFilterExpression: { state: 'waiting' } },
  ],
}

export function createFixPullRequestsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): FixPullRequestsStore {
  return {
    tenantsThatWait: async () => [...new Set((await collections.acrossTenants<FixPullRequestDocument>(COLLECTION).find({ state: 'waiting' }, { limit: MOST_WAITING, projection: { tenantId: 1 } })).map(({ tenantId }) => tenantId))],
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<FixPullRequestDocument>(COLLECTION)
      const records = createRecords(own, tenantId, clock)
      const { get, write } = records
      const wait = async (repair: Repair) => write(repair.repositoryId, { ...repair, state: 'waiting' }, await get(repair.repositoryId))
      return {
        get,
        claim: async (repair, limits) => {
          const claimed = await claim(records, repair, limits)
          if (claimed !== 'granted') await wait(repair)
          return claimed
        },
        wait,
        open: async (repair, pull) => {
          // What a person opened again is open, whether there was room or not.
          await takePlace(records, repair.repositoryId, ({ stored, taken }) => ({ ...repair, ...pull, state: 'open', openedAt: (stored?.number === pull.number ? openedAtOf(stored) : null) ?? clock(), slot: stored?.slot ?? freePlaces(taken.slots, MOST_PLACES)[0] ?? MOST_PLACES }))
        },
        told: (repositoryId) => records.unset(repositoryId, { openingId: '' }),
        close: (repositoryId, ended) => records.free(repositoryId, ended, { slot: '' }),
        abandon: (repositoryId) => records.free(repositoryId, 'closed', { slot: '', daySlot: '', openingId: '' }),
        snooze: async ({ repositoryId, repository }, until) => {
          const stored = await get(repositoryId)
          await write(repositoryId, { repository, snoozedUntil: until, severity: stored?.severity ?? 'info', fixes: stored?.fixes ?? 'safe', state: stored?.state ?? 'closed' }, stored)
        },
        inState: (state, limit) => own.find({ state }, { limit }),
        list: ({ state, severity, repositoryId }, page) => own.page({
          ...(state === undefined ? { $nor: [{ state: 'closed', number: null, ...awake(clock()) }] } : shownAs(state, clock())),
          ...(severity === undefined ? {} : { severity }), ...(repositoryId === undefined ? {} : { _id: idOf(tenantId, repositoryId) }),
        }, page),
        used: async () => {
          const { slots, days } = await records.taken()
          return { open: slots.size, today: days.size }
        },
        countWaiting: () => own.count(shownAs('waiting', clock()), MOST_WAITING),
        room: async ({ maxOpen, maxPerDay }) => {
          const { slots, days } = await records.taken()
          return Math.max(0, Math.min(maxOpen - slots.size, maxPerDay - days.size))
        },
      }
    },
  }
}

const idOf = (tenantId: string, repositoryId: string): string => `${tenantId}/${repositoryId}`

/** Null where nobody knows. */
export const openedAtOf = ({ state, since, openedAt }: Pick<FixPullRequestDocument, 'state' | 'since' | 'openedAt'>): Date | null => openedAt ?? (state === 'open' ? since : null)

const awake = (now: Date): Filter<FixPullRequestDocument> => ({ snoozedUntil: { $not: { $gt: now } } })

function shownAs(state: ShownState, now: Date): Filter<FixPullRequestDocument> {
  if (state === 'snoozed') return { state: { $nin: ['opening', 'open'] }, snoozedUntil: { $gt: now } }
  if (state === 'opening' || state === 'open') return { state }
  return { state, ...awake(now), ...(state === 'closed' ? { number: { $ne: null } } : {}) }
}

/** The other way round. */
export function shownState({ state, snoozedUntil }: Pick<FixPullRequestDocument, 'state' | 'snoozedUntil'>, now: Date): ShownState {
  return state !== 'opening' && state !== 'open' && snoozedUntil !== null && snoozedUntil > now ? 'snoozed' : state
}

interface Taken {
  /** `YYYYMMDD` times 10,000. */
  readonly day: number
  readonly slots: ReadonlySet<number>
  readonly days: ReadonlySet<number>
}

interface Records {
  readonly get: (repositoryId: string) => Promise<FixPullRequestDocument | null>
  readonly taken: () => Promise<Taken>
  /** `stored` is the record as it was read. Throws the driver's error when a place went to another repository. */
  readonly write: (repositoryId: string, set: Partial<FixPullRequestDocument>, stored: FixPullRequestDocument | null) => Promise<void>
  readonly free: (repositoryId: string, ended: Ended, places: Partial<Record<'slot' | 'daySlot' | 'openingId', ''>>) => Promise<void>
  readonly unset: (repositoryId: string, fields: Partial<Record<'openingId', ''>>) => Promise<void>
  readonly newOpeningId: () => string
}

function createRecords(own: TenantCollection<FixPullRequestDocument>, tenantId: string, clock: Clock): Records {
  return {
    get: (repositoryId) => own.findOne({ _id: idOf(tenantId, repositoryId) }),
    taken: async () => {
      const day = Number(clock().toISOString().slice(0, 10).replaceAll('-', '')) * MOST_PLACES
      const found = await own.find({ $or: [{ slot: { $gte: 0 } }, { daySlot: { $gte: day, $lt: day + MOST_PLACES } }] }, { limit: 2 * MOST_PLACES, projection: { slot: 1, daySlot: 1 } })
      return { day, slots: new Set(found.flatMap(({ slot }) => slot ?? [])), days: new Set(found.flatMap(({ daySlot }) => (daySlot !== undefined && daySlot >= day ? [daySlot - day] : []))) }
    },
    write: async (repositoryId, set, stored) => {
      const stays = stored?.state === set.state
      const first = Object.fromEntries(Object.entries({ repositoryId, number: null, url: null, snoozedUntil: null }).filter(([name]) => !(name in set)))
      await own.updateOne({ _id: idOf(tenantId, repositoryId) }, { $set: { ...set, ...(stays ? {} : { since: clock() }) }, $setOnInsert: first }, { upsert: true })
    },
    free: async (repositoryId, ended, places) => {
      await own.updateOne({ _id: idOf(tenantId, repositoryId), state: { $nin: ['closed', 'merged'] } }, { $set: { state: ended, since: clock() }, $unset: places })
    },
    unset: async (repositoryId, fields) => {
      await own.updateOne({ _id: idOf(tenantId, repositoryId) }, { $unset: fields })
    },
    newOpeningId: () => newId(clock()),
  }
}

async function claim(records: Records, repair: Repair, { maxOpen, maxPerDay }: Limits): Promise<Claimed> {
  let refused: Claimed = 'max-open'
  const isGranted = await takePlace(records, repair.repositoryId, ({ stored, taken: { day, slots, days } }) => {
    if (stored?.slot !== undefined && stored.state === 'opening') return 'held'
    const opening = { ...repair, state: 'opening', openingId: records.newOpeningId() } as const
    // The one that held the place is gone, and nobody told us.
    if (stored?.slot !== undefined) return opening
    const keepsDay = stored?.daySlot !== undefined && stored.daySlot >= day
    const slot = anyOf(freePlaces(slots, maxOpen))
    const place = keepsDay ? stored.daySlot - day : anyOf(freePlaces(days, maxPerDay))
    refused = slot === null ? 'max-open' : 'max-per-day'
    return slot === null || place === null ? null : { ...opening, slot, daySlot: day + place }
  })
  return isGranted ? 'granted' : refused
}

interface Standing {
  readonly stored: FixPullRequestDocument | null
  readonly taken: Taken
}

/** Writes what `choose` makes of the places that are free, again when somebody was faster. False when it chose nothing. */
async function takePlace({ get, taken, write }: Records, repositoryId: string, choose: (standing: Standing) => Partial<FixPullRequestDocument> | 'held' | null): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const stored = await get(repositoryId)
    const choice = choose({ stored, taken: await taken() })
    if (choice === null) return false
    if (choice === 'held') return true
    if (await unlessDuplicate(write(repositoryId, choice, stored))) return true
  }
  return false
}

/** Those below `most`; none where as many are taken, wherever: the limit may have been higher. */
function freePlaces(taken: ReadonlySet<number>, most: number): readonly number[] {
  if (taken.size >= most) return []
  return Array.from({ length: Math.min(most, MOST_PLACES) }, (_, place) => place).filter((place) => !taken.has(place))
}

/** Who claims at the same time seldom wants the same one. */
const anyOf = (places: readonly number[]): number | null => places[Math.floor(Math.random() * places.length)] ?? null
