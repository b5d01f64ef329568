// Takes note of a fix pull request that was merged or closed on the code host, which is asked for it. Safe to run again.
import type { ClientOf } from '../github/tenant-client.ts'
import type { FixPullRequestsStore } from './fix-pull-requests-store.ts'
import { pullRequestEnd } from './pull-request-end.ts'

/** Throws what the code host answered. */
export type NoticeClosed = (tenantId: string, repositoryId: string) => Promise<void>

interface Parts {
  readonly store: FixPullRequestsStore
  readonly clientOf: ClientOf
}

export function createNoticeClosed({ store, clientOf }: Parts): NoticeClosed {
  return async (tenantId, repositoryId) => {
    const own = store.for(tenantId)
    const stored = await own.get(repositoryId)
    if (stored?.state !== 'open') return
    const ended = await pullRequestEnd(await clientOf(tenantId), stored)
    if (ended !== null) await own.close(repositoryId, ended)
  }
}
