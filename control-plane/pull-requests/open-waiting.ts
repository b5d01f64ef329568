// Gives room in the budget to the repositories that wait for it, the gravest first and among equals who has waited longest: each is
// analysed again at its newest commit, and that analysis opens the pull request. Safe to run at any time, by any number of workers.
import { rankOf } from '../../analysis/finding.ts'
import type { Policy } from '../../analysis/policy/policy.ts'
import { SCAN_ACTOR } from '../analyses/analyses-service.ts'
import type { SubmitHead } from '../analyses/submit-head.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import type { FixPullRequestDocument, FixPullRequestsStore } from './fix-pull-requests-store.ts'
import { pullRequestEnd } from './pull-request-end.ts'

/** Asks the code host which of the open ones are closed by now, then fills the room. */
export type OpenWaiting = (tenantId: string, signal?: AbortSignal) => Promise<{ readonly closed: number; readonly submitted: number }>

interface Parts {
  readonly store: FixPullRequestsStore
  readonly submitHead: SubmitHead
  readonly clientOf: ClientOf
  readonly policies: { readonly current: (tenantId: string) => Promise<{ readonly policy: Policy }> }
  readonly clock: Clock
  readonly logger: Logger
}

const MOST_WAITING = 10_000
/** An attempt that died between its place and its pull request has been tried again by then, or will not be. */
const OPENING_FOR_MS = DAY_MS

export function createOpenWaiting(parts: Parts): OpenWaiting {
  const { store, submitHead, policies, clock, logger } = parts
  return async (tenantId, signal = new AbortController().signal) => {
    const own = store.for(tenantId)
    const now = clock()
    const waiting = (await own.inState('waiting', MOST_WAITING)).filter(({ snoozedUntil }) => snoozedUntil === null || snoozedUntil <= now).sort(gravestFirst)
    if (waiting.length === 0) return { closed: 0, submitted: 0 }
    const closed = await settleOpen(parts, tenantId, signal)
    const room = await own.room((await policies.current(tenantId)).policy.pullRequests)
    let submitted = 0
    for (const repair of waiting.slice(0, room)) {
      if (signal.aborted) break
      try {
        await submitHead({ tenantId, repository: { id: repair.repositoryId, name: repair.repository }, actor: SCAN_ACTOR, correlationId: `waiting-${repair.repositoryId}`, isDefaultBranch: true, fixPr: repair.fixes })
        submitted++
      } catch (error) {
        logger.warn({ err: fromCodeHostError(error), tenantId, repository: repair.repository }, 'a repository that waits for its pull request could not be analysed')
      }
    }
    return { closed, submitted }
  }
}

const gravestFirst = (a: FixPullRequestDocument, b: FixPullRequestDocument): number =>
  rankOf(b.severity) - rankOf(a.severity) || a.since.getTime() - b.since.getTime()

/** Without webhooks nobody tells that a pull request was merged or closed. */
async function settleOpen({ store, clientOf, clock }: Parts, tenantId: string, signal: AbortSignal): Promise<number> {
  const own = store.for(tenantId)
  const client = await clientOf(tenantId, signal)
  let closed = 0
  for (const pull of await own.inState('open', MOST_WAITING)) {
    const ended = await pullRequestEnd(client, pull)
    if (ended === null) continue
    await own.close(pull.repositoryId, ended)
    closed++
  }
  for (const { repositoryId, since } of await own.inState('opening', MOST_WAITING)) {
    if (since.getTime() < clock().getTime() - OPENING_FOR_MS) await own.abandon(repositoryId)
  }
  return closed
}
