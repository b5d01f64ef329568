// Takes submissions and answers what became of them. The same submission is the same analysis; a newer commit of a branch
// supersedes older ones that have not begun.
import type { AnalysisWire, Submission } from '../../contract/analyses.ts'
import { actorOf } from '../auth/principal.ts'
import type { Principal } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import { isDuplicateKey } from '../database/database-errors.ts'
import { newId } from '../database/new-id.ts'
import { AppError } from '../errors.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { Backlog } from '../queue/backlog.ts'
import type { Admission } from '../queue/admit.ts'
import type { PoliciesService } from '../policies/policies-service.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { AnalysesStore, StoredAnalysis } from './analyses-store.ts'
import { toWire } from './analysis-document.ts'
import type { AnalysisDocument } from './analysis-document.ts'
import type { AnalysisEvents } from './analysis-events.ts'
import { hasEnded } from './analysis-states.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import type { Versions } from './dedupe-key.ts'
import { verifySubmission } from './verify-submission.ts'
import type { VerifiedSource } from './verify-submission.ts'

export interface SubmitContext {
  readonly principal: Principal
  readonly correlationId: string
  readonly logger: { warn(fields: object, message: string): void }
}

export interface AnalysesService {
  /** `isNew` is false for a submission that is known. Throws what verifySubmission throws. */
  submit(submission: Submission, context: SubmitContext): Promise<{ readonly analysis: AnalysisWire; readonly isNew: boolean }>
  /** What the code host says a branch or pull request stands at: no texts, the worker reads them. Ends what waits for its other commits. */
  submitHead(source: VerifiedSource, context: Omit<SubmitContext, 'principal'> & { readonly tenantId: string; readonly actor: string; readonly options: AnalysisDocument['options'] }): Promise<void>
  /** How many that these asked for have not ended, counted no further than 100,000. */
  countUnderWay(tenantId: string, actors: readonly string[]): Promise<number>
  /** Waits up to this long for its end; answers with what it is then. Throws ANALYSIS_NOT_FOUND, for other tenants' ids too. */
  get(principal: Principal, id: string, wait: { readonly seconds: number; readonly signal: AbortSignal }): Promise<AnalysisWire>
}

export interface AnalysesServiceParts {
  readonly store: AnalysesStore
  readonly admission: Pick<Admission, 'admit'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly events: AnalysisEvents
  readonly clock: Clock
  readonly versions: Versions
  readonly policies: Pick<PoliciesService, 'get'>
  readonly publicUrl: string
  readonly backlog: Backlog
  readonly metrics: Pick<Metrics, 'analysesEnded'>
  readonly tracing: Pick<Tracing, 'traceparent'>
}

const BACKLOG_RETRY_SECONDS = 60
const MOST_COUNTED = 100_000
/** Between two looks at a document that another process may end. */
const LOOK_EVERY_MS = 1_000
/** Who asked for what a webhook brought. */
export const WEBHOOK_ACTOR = 'webhook'
/** Who asked for what the service's own schedule brought. */
export const SCAN_ACTOR = 'scan'

export function createAnalysesService(parts: AnalysesServiceParts): AnalysesService {
  const { store, publicUrl } = parts
  return {
    submit: async (submission, context) => {
      const { tenantId } = context.principal
      const source = await verify(parts, submission, context)
      refuseAboveBacklog(parts)
      const document = await newDocument(parts, { ...submission, tenantId, source, actor: actorOf(context.principal), correlationId: context.correlationId })
      const own = store.for(tenantId)
      const { stored } = await accept(parts, document, { ...context, tenantId, supersede: ({ isNew }) => (isNew ? own.supersedeOlder(document) : null) })
      const { files: _dropped, ...fresh } = document
      return { analysis: toWire((await own.get(stored?._id ?? document._id)) ?? { ...fresh, tenantId }, publicUrl), isNew: stored === null }
    },
    submitHead: async (source, context) => {
      const document = await newDocument(parts, { tenantId: context.tenantId, source, files: [], options: context.options, actor: context.actor, correlationId: context.correlationId })
      await accept(parts, document, { ...context, supersede: () => store.for(context.tenantId).supersedeOtherCommits(source) })
    },
    countUnderWay: (tenantId, actors) => store.for(tenantId).countUnderWay(actors, MOST_COUNTED),
    get: (principal, id, wait) => waitFor(parts, { principal, id, ...wait }),
  }
}

async function verify({ tenants, clientOf }: AnalysesServiceParts, submission: Submission, { principal }: SubmitContext): Promise<VerifiedSource> {
  const { tenantId } = principal
  const tenant = await tenants.get(tenantId)
  if (tenant === null) throw new AppError('TENANT_UNKNOWN')
  return verifySubmission(principal, submission, { tenant, connect: () => clientOf(tenantId) })
}

/** What is asked for again waits as well: its answer would be as late. */
function refuseAboveBacklog({ backlog }: AnalysesServiceParts): void {
  if (backlog.isFull()) throw new AppError('BACKLOG_FULL', { retryAfterSeconds: BACKLOG_RETRY_SECONDS })
}

type NewAnalysis = Omit<AnalysisDocument, 'tenantId'>

interface Acceptance {
  readonly tenantId: string
  readonly logger: SubmitContext['logger']
  readonly supersede: (accepted: { readonly isNew: boolean }) => Promise<number> | null
}

async function accept({ store, admission, metrics }: AnalysesServiceParts, document: NewAnalysis, { tenantId, logger, supersede }: Acceptance): Promise<{ readonly stored: StoredAnalysis | null }> {
  const own = store.for(tenantId)
  const stored = await insertOrFind(own, document)
  if (stored !== null) await revive(own, stored, document)
  // The insert is what accepts a submission: what fails from here on, the sweep makes good.
  try {
    const superseded = await supersede({ isNew: stored === null })
    metrics.analysesEnded.inc({ state: 'superseded', code: '' }, superseded ?? 0)
    await admission.admit(tenantId)
  } catch (error) {
    logger.warn({ err: error, analysisId: document._id }, 'the analysis is accepted and waits for the sweep to admit it')
  }
  return { stored }
}

interface Accepted extends Pick<AnalysisDocument, 'options'> {
  readonly files: Submission['files']
  readonly tenantId: string
  readonly source: VerifiedSource
  readonly actor: string
  readonly correlationId: string
}

async function newDocument({ clock, versions, policies, tracing }: AnalysesServiceParts, { tenantId, source, files, options, actor, correlationId }: Accepted): Promise<NewAnalysis> {
  const now = clock()
  const traceparent = tracing.traceparent()
  const policy = `${versions.policy}.${(await policies.get(tenantId)).version}`
  return {
    _id: newId(now), ...source, options, files, state: 'submitted', waiting: true,
    dedupeKey: dedupeKeyOf({ ...source, files, options, versions: { ...versions, policy }, now }),
    actor, correlationId, ...(traceparent === null ? {} : { traceparent }), createdAt: now, endedAt: null, changedAt: now,
    enqueuedAt: null, notBefore: null, attempts: 0, lease: null, pushes: [], outcome: null, error: null, timingsMs: null,
  }
}

type Own = ReturnType<AnalysesStore['for']>

async function insertOrFind(own: Own, document: NewAnalysis): Promise<StoredAnalysis | null> {
  try {
    await own.insert(document)
    return null
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const stored = await own.findByKey(document.dedupeKey)
    if (stored === null) throw error
    return stored
  }
}

/** An analysis that ended without what was asked for runs again when it is asked for again. */
async function revive(own: Own, stored: StoredAnalysis, { files, correlationId, traceparent }: NewAnalysis): Promise<void> {
  const lacksPullRequest = stored.state === 'done' && ['refused', 'waiting'].includes(stored.outcome?.pullRequest.state ?? '')
  if (lacksPullRequest || stored.state === 'failed' || stored.state === 'superseded') await own.queueAgain(stored._id, [stored.state], { files, correlationId, ...(traceparent === undefined ? {} : { traceparent }) })
}

interface Waiting {
  readonly principal: Principal
  readonly id: string
  readonly seconds: number
  readonly signal: AbortSignal
}

async function waitFor({ store, events, clock, publicUrl }: AnalysesServiceParts, { principal, id, seconds, signal }: Waiting): Promise<AnalysisWire> {
  const own = store.for(principal.tenantId)
  const until = clock().getTime() + seconds * 1000
  for (;;) {
    const state = await own.stateOf(id)
    if (state === null) throw new AppError('ANALYSIS_NOT_FOUND')
    const left = until - clock().getTime()
    if (hasEnded(state) || left <= 0 || signal.aborted) break
    await events.wait(id, { ms: Math.min(left, LOOK_EVERY_MS), signal })
  }
  const found = await own.get(id)
  if (found === null) throw new AppError('ANALYSIS_NOT_FOUND')
  return toWire(found, publicUrl)
}
