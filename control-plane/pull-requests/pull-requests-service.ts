// Answers which fix pull requests an organisation has, and how much of their budget is used. Nothing is asked of the code host for it.
import type { Policy, PullRequestBudget } from '../../analysis/policy/policy.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { openedAtOf, shownState, type FixPullRequestDocument, type FixPullRequestsStore, type PullRequestQuery } from './fix-pull-requests-store.ts'
import type { ShownState } from './shown-state.ts'

export interface ShownPullRequest extends Omit<FixPullRequestDocument, 'state' | 'openedAt'> {
  readonly state: ShownState
  /** Null before it is opened, as are number and address, and where nobody knows. */
  readonly openedAt: Date | null
}

export interface BudgetUse extends Pick<PullRequestBudget, 'maxOpen' | 'maxPerDay'> {
  /** Places that are taken: open ones, and those that are being opened. */
  readonly open: number
  /** Of this UTC day. */
  readonly openedToday: number
  readonly dayEndsAt: Date
  readonly waiting: number
}

export interface PullRequestsService {
  /** In the order of repositories' ids. */
  list(tenantId: string, query: PullRequestQuery, page: Page): Promise<ShownPullRequest[]>
  budget(tenantId: string): Promise<BudgetUse>
  /** Those that are open, by the repository's id. */
  open(tenantId: string): Promise<ReadonlyMap<string, { readonly number: number; readonly url: string | null }>>
}

interface Parts {
  readonly store: FixPullRequestsStore
  readonly policies: { readonly current: (tenantId: string) => Promise<{ readonly policy: Policy }> }
  readonly clock: Clock
}

/** More cannot be open by the budget. */
const MOST_OPEN = 10_000

export function createPullRequestsService({ store, policies, clock }: Parts): PullRequestsService {
  return {
    list: async (tenantId, query, page) => (await store.for(tenantId).list(query, page)).map((stored) => toShown(stored, clock())),
    budget: async (tenantId) => {
      const { maxOpen, maxPerDay } = (await policies.current(tenantId)).policy.pullRequests
      const { open, today } = await store.for(tenantId).used()
      const dayEndsAt = new Date((Math.floor(clock().getTime() / DAY_MS) + 1) * DAY_MS)
      return { maxOpen, open, maxPerDay, openedToday: today, dayEndsAt, waiting: await store.for(tenantId).countWaiting() }
    },
    open: async (tenantId) => {
      const found = await store.for(tenantId).inState('open', MOST_OPEN)
      return new Map(found.flatMap(({ repositoryId, number, url }) => (number === null ? [] : [[repositoryId, { number, url }] as const])))
    },
  }
}

function toShown(stored: FixPullRequestDocument, now: Date): ShownPullRequest {
  // What waits is another one than the last, whose number and address the record still has.
  const isYetToCome = stored.state === 'waiting' || stored.state === 'opening'
  return { ...stored, state: shownState(stored, now), ...(isYetToCome ? { number: null, url: null, openedAt: null } : { openedAt: openedAtOf(stored) }) }
}
