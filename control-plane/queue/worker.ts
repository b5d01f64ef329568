// Runs analyses: takes one under a lease, keeps the lease alive, and ends the attempt in exactly one way (done, failed, again
// later, or left to whoever took over). What an analysis does is process-analysis.ts.
import type { AnalysisDocument } from '../analyses/analysis-document.ts'
import type { AnalysesStore, Attempt, TenantAnalyses } from '../analyses/analyses-store.ts'
import type { AnalysisResult } from '../analyses/process-analysis.ts'
import type { Clock } from '../clock.ts'
import { fromDatabaseError } from '../database/database-errors.ts'
import { AppError, ERRORS } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { Span, Tracing } from '../tracing/tracing.ts'
import type { Admission } from './admit.ts'
import type { DeadLettersStore } from './dead-letters-store.ts'
import type { JobQueue, RunningJob } from './job-queue.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { SweepResult } from './sweep.ts'

export interface Worker {
  start(): Promise<void>
  /** Takes no more, waits up to this long for what runs, then gives the rest back to the queue. */
  stop(deadlineMs: number): Promise<void>
}

export interface WorkerSettings {
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly maxAttempts: number
  readonly retryBaseMs: number
  readonly sweepMs: number
}

export interface WorkerParts {
  readonly store: AnalysesStore
  readonly jobs: JobQueue
  readonly admission: Admission
  readonly letters: DeadLettersStore
  readonly sweep: () => Promise<SweepResult>
  readonly process: (analysis: AnalysisDocument, run: { readonly attempt: Attempt; readonly signal: AbortSignal; readonly logger: Logger }) => Promise<AnalysisResult>
  readonly onEnded: (analysisId: string) => void
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'analysesEnded' | 'analysisAttempts' | 'analysisAttemptSeconds' | 'analysisStepSeconds'>
  readonly tracing: Pick<Tracing, 'begin'>
  readonly settings: WorkerSettings
}

/** One attempt with everything that its end needs. */
interface Run {
  readonly analysis: AnalysisDocument
  readonly attempt: Attempt
  readonly own: TenantAnalyses
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly span: Span
}

export function createWorker(parts: WorkerParts): Worker {
  const { jobs, sweep, logger, settings, metrics } = parts
  const running = new Map<Promise<void>, AbortController>()
  let sweeping: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  const sweepOnce = (): void => {
    sweeping ??= sweep()
      .then(() => undefined, (error: unknown) => logger.warn({ err: error }, 'the sweep failed and comes again'))
      .finally(() => (sweeping = null))
  }
  return {
    start: async () => {
      await jobs.work((job) => {
        const controller = new AbortController()
        const started = performance.now()
        const work = runJob(parts, job, controller)
          .then((end) => {
            metrics.analysisAttempts.inc({ end })
            if (end !== 'nothing') metrics.analysisAttemptSeconds.observe({ end }, (performance.now() - started) / 1000)
          }, (error: unknown) => logger.warn({ err: error, ...job.data }, 'the attempt could not be ended; its lease runs out'))
          .finally(() => running.delete(work))
        running.set(work, controller)
        return work
      })
      sweepOnce()
      timer = setInterval(sweepOnce, settings.sweepMs)
    },
    stop: async (deadlineMs) => {
      clearInterval(timer)
      await jobs.stop()
      const deadline = setTimeout(() => {
        for (const controller of running.values()) controller.abort(new AppError('ANALYSIS_CANCELLED'))
      }, deadlineMs)
      await Promise.allSettled([...running.keys(), ...(sweeping ? [sweeping] : [])])
      clearTimeout(deadline)
    },
  }
}

type End = 'done' | 'again' | 'failed' | 'lost' | 'nothing'

async function runJob(parts: WorkerParts, job: RunningJob, controller: AbortController): Promise<End> {
  const { store, settings, admission } = parts
  const { tenantId, analysisId } = job.data
  const own = store.for(tenantId)
  const analysis = await own.take(analysisId, settings)
  if (!analysis?.lease) return 'nothing'
  const logger = parts.logger.child({ correlationId: analysis.correlationId, tenantId, analysisId, attempt: analysis.attempts })
  const run: Run = { analysis, attempt: { id: analysisId, token: analysis.lease.token }, own, signal: controller.signal, logger, span: beginSpan(parts, analysis) }
  const stopBeating = keepLease(parts, run, { job, controller })
  logger.info('the analysis begins')
  try {
    const end = await run.span.within(() => attemptAnalysis(parts, run))
    run.span.set({ 'autodevops.attempt.end': end })
    return end
  } finally {
    run.span.end()
    stopBeating()
    await admission.admit(tenantId)
  }
}

/** Under the request that asked for the analysis, whichever process took that. */
function beginSpan({ tracing }: WorkerParts, { _id, tenantId, correlationId, traceparent, attempts }: AnalysisDocument): Span {
  const attributes = { 'autodevops.analysis.id': _id, 'autodevops.tenant_id': tenantId, 'autodevops.correlation_id': correlationId, 'autodevops.attempt': attempts }
  return tracing.begin('analysis attempt', { kind: 'consumer', parent: traceparent ?? null, attributes })
}

async function attemptAnalysis(parts: WorkerParts, run: Run): Promise<End> {
  const { analysis, attempt, own, signal, logger } = run
  try {
    const result = await parts.process(analysis, { attempt, signal, logger })
    if (!(await own.finish(attempt, result))) return lost(run)
    logger.info({ findings: result.outcome.findings.length, pullRequest: result.outcome.pullRequest, timingsMs: result.timingsMs }, 'the analysis is done')
    countDone(parts, result)
    parts.onEnded(analysis._id)
    return 'done'
  } catch (error) {
    return await endBadly(parts, run, error)
  }
}

function countDone({ metrics }: WorkerParts, { timingsMs }: AnalysisResult): void {
  metrics.analysesEnded.inc({ state: 'done', code: '' })
  for (const [step, ms] of Object.entries(timingsMs)) metrics.analysisStepSeconds.observe({ step }, ms / 1000)
}

function lost({ logger }: Run): End {
  logger.warn('another worker has taken over this analysis; this attempt leaves no trace')
  return 'lost'
}

/** Renews the lease and the job's lock; aborts the work when the lease went to somebody else. */
function keepLease({ settings, clock }: WorkerParts, run: Run, { job, controller }: { job: RunningJob; controller: AbortController }): () => void {
  let until = clock().getTime() + settings.leaseMs
  const beat = async (): Promise<void> => {
    try {
      const asked = clock().getTime()
      const isHeld = await run.own.extend(run.attempt, settings.leaseMs)
      if (isHeld) until = asked + settings.leaseMs
      else controller.abort(new AppError('LEASE_LOST'))
      await job.touch()
    } catch (error) {
      run.logger.debug({ err: error }, 'a heartbeat failed')
      if (clock().getTime() > until) controller.abort(new AppError('LEASE_LOST'))
    }
  }
  const timer = setInterval(() => void beat(), settings.heartbeatMs)
  return () => clearInterval(timer)
}

async function endBadly(parts: WorkerParts, run: Run, thrown: unknown): Promise<End> {
  const { settings, clock } = parts
  const { analysis, attempt, own, signal, logger } = run
  const known = signal.aborted ? signal.reason as unknown : fromCodeHostError(fromDatabaseError(thrown))
  const error = known instanceof AppError ? known : new AppError('INTERNAL', { cause: known })
  if (error.code === 'LEASE_LOST') return lost(run)
  run.span.fail(error)
  const isCancelled = error.code === 'ANALYSIS_CANCELLED'
  // What we did not foresee may be a passing fault of this process: it gets its attempts too.
  const isPassing = error.row.retry || error.code === 'INTERNAL'
  if (isCancelled || (isPassing && analysis.attempts < settings.maxAttempts)) {
    const delayMs = isCancelled ? 0 : retryDelayMs(analysis.attempts, { baseMs: settings.retryBaseMs, retryAfterSeconds: error.retryAfterSeconds })
    const notBefore = new Date(clock().getTime() + delayMs)
    logger.warn({ err: error, code: error.code, delayMs }, 'the attempt failed; the analysis is tried again')
    if (!(await own.release(attempt, { notBefore, counts: !isCancelled }))) return lost(run)
    await parts.jobs.enqueue({ tenantId: analysis.tenantId, analysisId: analysis._id }, notBefore)
    return 'again'
  }
  return giveUp(parts, run, { error, isDead: isPassing || error.row.blame === 'us' })
}

async function giveUp({ letters, clock, onEnded, metrics }: WorkerParts, run: Run, { error, isDead }: { error: AppError; isDead: boolean }): Promise<End> {
  const { analysis: { _id: id, tenantId, repository, commit, attempts, correlationId }, attempt, own, logger } = run
  const { code, detail } = error
  if (isDead) await letters.put({ id, tenantId, repository, commit, attempts, correlationId, code, at: clock() })
  logger[isDead ? 'error' : 'warn']({ err: error, code, isDead }, 'the analysis failed')
  const message = detail === undefined ? ERRORS[code].message : `${ERRORS[code].message}: ${detail}`
  if (!(await own.fail(attempt, { code, message }))) return lost(run)
  metrics.analysesEnded.inc({ state: 'failed', code })
  onEnded(id)
  return 'failed'
}
