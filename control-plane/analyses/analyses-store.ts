// Reads and writes analyses. Every write is one compare-and-set on state (analysis-states.ts) and, while a worker holds it,
// on its lease: two workers, or a worker and a sweep, never both win.
import { randomUUID } from 'node:crypto'
import type { AnalysisOutcome, AnalysisState, PullRequestOutcome } from '../../contract/analyses.ts'
import type { Push } from '../../pull-request/fix-pull-request.ts'
import type { Clock } from '../clock.ts'
import { isDuplicateKey } from '../database/database-errors.ts'
import { newId } from '../database/new-id.ts'
import type { InsertDocument, TenantCollection, TenantCollections } from '../database/tenant-collections.ts'
import { ANALYSES } from './analysis-document.ts'
import type { AnalysisDocument, RecordedPush } from './analysis-document.ts'
import { ENDED_STATES, move } from './analysis-states.ts'

export type StoredAnalysis = Omit<AnalysisDocument, 'files'>
/** What has not begun: since when it is in its state, and whether it waits for admission. */
export type PendingAnalysis = Pick<AnalysisDocument, 'waiting' | 'changedAt' | 'notBefore'>
/** A state, as those see it who follow an organisation's analyses. */
export type AnalysisChange = Pick<AnalysisDocument, '_id' | 'tenantId' | 'state' | 'changedAt' | 'repository' | 'ref' | 'commit' | 'error'> & {
  readonly outcome: { readonly score: { readonly total: number }; readonly pullRequest: AnalysisOutcome['pullRequest'] } | null
}

type Failure = NonNullable<AnalysisDocument['error']>

/** What names one attempt: the analysis and the lease under which it runs. */
export interface Attempt {
  readonly id: string
  readonly token: string
}

export interface TenantAnalyses {
  /** Throws the driver's duplicate key error when this submission is known (isDuplicateKey). */
  insert(document: InsertDocument<AnalysisDocument>): Promise<void>
  findByKey(dedupeKey: string): Promise<StoredAnalysis | null>
  get(id: string): Promise<StoredAnalysis | null>
  stateOf(id: string): Promise<AnalysisDocument['state'] | null>
  /** Ends everything of this branch that was submitted earlier and has not begun. */
  supersedeOlder(newer: Pick<AnalysisDocument, '_id' | 'repositoryId' | 'ref'>): Promise<number>
  /** Ends everything of this branch that has not begun and is about another commit. */
  supersedeOtherCommits(head: Pick<AnalysisDocument, 'repositoryId' | 'ref' | 'commit'>): Promise<number>
  /** Puts an ended analysis back into the backlog; false when it was not in one of these states any more. */
  queueAgain(id: string, from: readonly AnalysisDocument['state'][], changes: Partial<Pick<AnalysisDocument, 'files' | 'correlationId' | 'traceparent'>>): Promise<boolean>
  /** Those that wait for admission, oldest first. */
  waiting(limit: number): Promise<StoredAnalysis[]>
  /** Those that these asked for and that have not ended. */
  countUnderWay(actors: readonly string[], most: number): Promise<number>
  /** Slots in use. */
  slots(): Promise<number[]>
  admit(id: string, slot: number): Promise<'admitted' | 'gone' | 'slot taken'>
  /** Compare-and-set on the time of the last enqueuing: of several sweeps one wins. */
  markEnqueued(id: string, before: Date | null): Promise<boolean>
  /** Takes a due or abandoned analysis; null when there is nothing to do for this job. */
  take(id: string, limits: { readonly leaseMs: number; readonly maxAttempts: number }): Promise<AnalysisDocument | null>
  /** False when the lease is lost. */
  extend(attempt: Attempt, leaseMs: number): Promise<boolean>
  recordPush(attempt: Attempt, push: RecordedPush): Promise<boolean>
  findPushes(repositoryId: string, commits: readonly string[]): Promise<Push[]>
  finish(attempt: Attempt, result: { readonly outcome: AnalysisOutcome; readonly timingsMs: Record<string, number> }): Promise<boolean>
  fail(attempt: Attempt, error: Failure): Promise<boolean>
  /** The id of the audit log's entry on this state of its pull request, the same for every attempt; null when there is no such analysis. */
  entryId(id: string, state: PullRequestOutcome['state']): Promise<string | null>
  /** Ends the attempt and keeps the place in the queue; an attempt that was not the work's fault does not count. */
  release(attempt: Attempt, pause: { readonly notBefore: Date; readonly counts: boolean }): Promise<boolean>
  /** For leases that ran out: back to the queue, or failed when there are no attempts left. */
  reclaim(found: StoredAnalysis, give: { readonly up: Failure | null }): Promise<boolean>
}

export interface AnalysesStore {
  for(tenantId: string): TenantAnalyses
  /** Of all tenants: running ones whose lease ran out. */
  abandoned(limit: number): Promise<StoredAnalysis[]>
  /** Of all tenants: queued ones whose job was put into the queue before this time. */
  enqueuedBefore(time: Date, limit: number): Promise<StoredAnalysis[]>
  /** Of all tenants: how many wait for admission, counted no further than `most`. */
  readonly countWaiting: (most: number) => Promise<number>
  /** Of all tenants: what waits for admission or for a worker. */
  pending(limit: number): Promise<PendingAnalysis[]>
  /** Of these tenants: what changed its state at or after a time. */
  changedSince(tenantIds: readonly string[], time: Date, limit: number): Promise<AnalysisChange[]>
}

const WITHOUT_TEXTS = { files: 0 } as const
const CHANGE = { tenantId: 1, state: 1, changedAt: 1, repository: 1, ref: 1, commit: 1, error: 1, 'outcome.score.total': 1, 'outcome.pullRequest': 1 } as const
const ENDED = { files: null, lease: null, notBefore: null } as const
const PLACE = { slot: '', waiting: '' } as const
const MOST_SLOTS = 1000

export function createAnalysesStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): AnalysesStore {
  const all = collections.acrossTenants<AnalysisDocument>(ANALYSES)
  return {
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<AnalysisDocument>(ANALYSES)
      return { ...reading(own), ...backlog(own, clock), ...attempts(own, clock) }
    },
    countWaiting: (most) => all.count({ waiting: true }, most),
    pending: (limit) => all.find({ state: { $in: ['submitted', 'queued'] } }, { limit, projection: { waiting: 1, changedAt: 1, notBefore: 1 } }),
    changedSince: (tenantIds, time, limit) => all.find({ tenantId: { $in: [...tenantIds] }, changedAt: { $gte: time } }, { limit, projection: CHANGE }),
    abandoned: (limit) => all.find({ state: 'running', 'lease.until': { $lt: clock() } }, { limit, projection: WITHOUT_TEXTS }),
    enqueuedBefore: (time, limit) =>
      all.find({ state: 'queued', slot: { $gte: 0 }, $or: [{ enqueuedAt: null }, { enqueuedAt: { $lt: time } }] }, { limit, projection: WITHOUT_TEXTS }),
  }
}

type Own = TenantCollection<AnalysisDocument>

function reading(own: Own): Pick<TenantAnalyses, 'findByKey' | 'get' | 'stateOf' | 'findPushes' | 'waiting' | 'countUnderWay' | 'slots'> {
  return {
    findByKey: (dedupeKey) => own.findOne({ dedupeKey }, { projection: WITHOUT_TEXTS }),
    get: (id) => own.findOne({ _id: id }, { projection: WITHOUT_TEXTS }),
    stateOf: async (id) => (await own.findOne({ _id: id }, { projection: { state: 1 } }))?.state ?? null,
    findPushes: async (repositoryId, commits) => {
      const found = await own.find({ repositoryId, 'pushes.to': { $in: [...commits] } }, { limit: commits.length, projection: { pushes: 1 } })
      return found.flatMap(({ pushes }) => pushes).filter(({ to }) => commits.includes(to))
    },
    waiting: async (limit) => {
      const found = await own.find({ waiting: true }, { limit, projection: { ...WITHOUT_TEXTS, outcome: 0 } })
      return found.sort((a, b) => (a._id < b._id ? -1 : 1))
    },
    countUnderWay: (actors, most) => own.count({ state: { $nin: [...ENDED_STATES] }, actor: { $in: [...actors] } }, most),
    slots: async () => (await own.find({ slot: { $gte: 0 } }, { limit: MOST_SLOTS, projection: { slot: 1 } })).map(({ slot }) => slot ?? 0),
  }
}

/** A change of state, with its time: by that those who follow a tenant's analyses find it. */
function step(from: readonly AnalysisState[], to: AnalysisState, changedAt: Date) {
  const { filter, set } = move(from, to)
  return { filter, set: { ...set, changedAt } }
}

async function supersede(own: Own, which: Parameters<Own['updateMany']>[0], endedAt: Date): Promise<number> {
  const { filter, set } = step(['submitted', 'queued'], 'superseded', endedAt)
  return (await own.updateMany({ ...which, ...filter }, { $set: { ...set, ...ENDED, endedAt }, $unset: PLACE })).modifiedCount
}

function backlog(own: Own, clock: Clock): Pick<TenantAnalyses, 'insert' | 'supersedeOlder' | 'supersedeOtherCommits' | 'queueAgain' | 'admit' | 'markEnqueued'> {
  return {
    insert: (document) => own.insertOne(document),
    supersedeOlder: ({ _id, repositoryId, ref }) => supersede(own, { _id: { $lt: _id }, repositoryId, ref }, clock()),
    supersedeOtherCommits: ({ repositoryId, ref, commit }) => supersede(own, { commit: { $ne: commit }, repositoryId, ref }, clock()),
    queueAgain: async (id, from, changes) => {
      const { filter, set } = step(from, 'queued', clock())
      const fresh = { ...changes, waiting: true as const, attempts: 0, entries: {}, endedAt: null, outcome: null, error: null, notBefore: null, enqueuedAt: null }
      return (await own.updateOne({ _id: id, ...filter }, { $set: { ...set, ...fresh } })).modifiedCount === 1
    },
    admit: async (id, slot) => {
      const { filter, set } = step(['submitted'], 'queued', clock())
      // One that was queued again keeps its state: only its place is new.
      const waiting = { _id: id, waiting: true as const, state: { $in: [...filter.state.$in, set.state] } }
      try {
        const { modifiedCount } = await own.updateOne(waiting, { $set: { ...set, slot, enqueuedAt: clock() }, $unset: { waiting: '' } })
        return modifiedCount === 1 ? 'admitted' : 'gone'
      } catch (error) {
        if (isDuplicateKey(error)) return 'slot taken'
        throw error
      }
    },
    markEnqueued: async (id, before) => (await own.updateOne({ _id: id, state: 'queued', enqueuedAt: before }, { $set: { enqueuedAt: clock() } })).modifiedCount === 1,
  }
}

type AttemptWrites = Pick<TenantAnalyses, 'take' | 'extend' | 'recordPush' | 'entryId' | 'finish' | 'fail' | 'release' | 'reclaim'>

function attempts(own: Own, clock: Clock): AttemptWrites {
  const held = ({ id, token }: Attempt) => ({ _id: id, 'lease.token': token })
  const after = (ms: number) => new Date(clock().getTime() + ms)
  return {
    take: async (id, { leaseMs, maxAttempts }) => {
      const token = randomUUID()
      const taken = { $inc: { attempts: 1 }, $set: { ...step(['queued', 'running'], 'running', clock()).set, lease: { token, until: after(leaseMs) } } }
      const due = { _id: id, state: 'queued' as const, $or: [{ notBefore: null }, { notBefore: { $lte: clock() } }] }
      const abandoned = { _id: id, state: 'running' as const, 'lease.until': { $lt: clock() }, attempts: { $lt: maxAttempts } }
      const won = (await own.updateOne(due, taken)).modifiedCount === 1 || (await own.updateOne(abandoned, taken)).modifiedCount === 1
      return won ? own.findOne(held({ id, token })) : null
    },
    extend: async (attempt, leaseMs) => (await own.updateOne(held(attempt), { $set: { 'lease.until': after(leaseMs) } })).matchedCount === 1,
    recordPush: async (attempt, push) => (await own.updateOne(held(attempt), { $push: { pushes: push } })).modifiedCount === 1,
    entryId: async (id, state) => {
      await own.updateOne({ _id: id, [`entries.${state}`]: { $exists: false } }, { $set: { [`entries.${state}`]: newId(clock()) } })
      return (await own.findOne({ _id: id }, { projection: { entries: 1 } }))?.entries?.[state] ?? null
    },
    finish: async (attempt, { outcome, timingsMs }) => {
      const { filter, set } = step(['running'], 'done', clock())
      const ended = { ...set, ...ENDED, endedAt: clock(), outcome, timingsMs, error: null }
      return (await own.updateOne({ ...held(attempt), ...filter }, { $set: ended, $unset: PLACE })).modifiedCount === 1
    },
    fail: async (attempt, error) => {
      const { filter, set } = step(['running'], 'failed', clock())
      return (await own.updateOne({ ...held(attempt), ...filter }, { $set: { ...set, ...ENDED, endedAt: clock(), error }, $unset: PLACE })).modifiedCount === 1
    },
    release: async (attempt, { notBefore, counts }) => {
      const { filter, set } = step(['running'], 'queued', clock())
      const update = { $set: { ...set, lease: null, notBefore, enqueuedAt: clock() }, ...(counts ? {} : { $inc: { attempts: -1 } }) }
      return (await own.updateOne({ ...held(attempt), ...filter }, update)).modifiedCount === 1
    },
    reclaim: async ({ _id, lease }, { up }) => {
      const { filter, set } = step(['running'], up === null ? 'queued' : 'failed', clock())
      const where = { _id, ...filter, 'lease.token': lease?.token ?? '', 'lease.until': { $lt: clock() } }
      const update = up === null
        ? { $set: { ...set, lease: null, notBefore: null, enqueuedAt: clock() } }
        : { $set: { ...set, ...ENDED, endedAt: clock(), error: up }, $unset: PLACE }
      return (await own.updateOne(where, update)).modifiedCount === 1
    },
  }
}
