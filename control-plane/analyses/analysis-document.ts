// The stored form of an analysis: the truth about it, and the backlog at once. A job carries only its tenant and id.
import type { AnalysisOutcome, AnalysisState, AnalysisWire, PullRequestOutcome, Submission } from '../../contract/analyses.ts'
import type { Push } from '../../pull-request/fix-pull-request.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantDocument } from '../database/tenant-collections.ts'
import type { ErrorCode } from '../errors.ts'

export interface Lease {
  /** One per take, so that a worker never mistakes another attempt of its own for this one. */
  readonly token: string
  readonly until: Date
}

export interface RecordedPush extends Push {
  /** Whether there was no open pull request: the push prepares one. */
  readonly opens: boolean
}

export interface AnalysisDocument extends TenantDocument {
  readonly dedupeKey: string
  readonly state: AnalysisState
  /** The code host's numeric id, as text. */
  readonly repositoryId: string
  readonly repository: string
  readonly ref: string
  readonly commit: string
  readonly options: Submission['options'] & {
    /** The delivery whose comment asked to take the newest base into the fix branch. */
    readonly rebaseFor?: string
    /** The commit is known, something else has moved: models are asked nothing new. */
    readonly isRecheck?: true
  }
  readonly actor: string
  readonly correlationId: string
  /** The span of the request that asked for it, as W3C Trace Context; absent where no traces are kept. */
  readonly traceparent?: string
  readonly createdAt: Date
  readonly endedAt: Date | null
  /** When it got the state that it has. */
  readonly changedAt: Date
  /** Posted texts, each checked before use; null once the analysis ended. */
  readonly files: Submission['files'] | null
  /** True while it waits for admission; absent otherwise. */
  readonly waiting?: true
  /** Which of its tenant's places in the queue it holds; absent while it waits and when it ended. */
  readonly slot?: number
  /** When its job was last put into the queue. */
  readonly enqueuedAt: Date | null
  /** Not taken before: the pause between two attempts. */
  readonly notBefore: Date | null
  readonly attempts: number
  readonly lease: Lease | null
  /** What was pushed to the fix branch, written before the push. */
  readonly pushes: readonly RecordedPush[]
  /** Ids of the audit log's entries on its pull request, by the state that they tell of; absent before the first. */
  readonly entries?: Readonly<Partial<Record<PullRequestOutcome['state'], string>>>
  readonly outcome: AnalysisOutcome | null
  readonly error: { readonly code: ErrorCode; readonly message: string } | null
  /** Milliseconds per step of the last attempt. */
  readonly timingsMs: Readonly<Record<string, number>> | null
}

export const ANALYSES = 'analyses'

export const analysesIndexes: CollectionIndexes = {
  collection: ANALYSES,
  indexes: [
    { key: { tenantId: 1, dedupeKey: 1 }, unique: true },
    { key: { tenantId: 1, slot: 1 }, unique: true, partialFilterExpression: { slot: { $gte: 0 } } },
    { key: { tenantId: 1, waiting: 1 } },
    { key: { tenantId: 1, repositoryId: 1, ref: 1 } },
    { key: { tenantId: 1, 'pushes.to': 1 } },
    { key: { state: 1 } },
    { key: { tenantId: 1, changedAt: 1 } },
  ],
}

export function toWire(document: Omit<AnalysisDocument, 'files'>, publicUrl: string): AnalysisWire {
  const { _id: id, state, repository, ref, commit, createdAt, endedAt, outcome, error } = document
  return {
    id, url: `${publicUrl}/v1/analyses/${id}`, state, repository, ref, commit, outcome, error,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }
}
