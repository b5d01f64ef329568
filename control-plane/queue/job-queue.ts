// Agenda on the service's own database: a job carries only its tenant and analysis. Retries, attempts and dead letters are
// not Agenda's (it does not count a job that kills its process): they stand in the analysis document. Every job may run twice.
import { Agenda } from 'agenda'
import type { AgendaBackend, Job } from 'agenda'
import { MongoBackend } from '@agendajs/mongo-backend'
import type { Db } from 'mongodb'
import { onDatabase } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'

const PROCESS_ANALYSIS = 'process-analysis'
const COLLECTION = 'jobs'

/** What Agenda looks for when it takes the next job. */
export const jobsIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { name: 1, priority: -1, nextRunAt: 1, lockedAt: 1, disabled: 1 } }] }

export interface JobData {
  readonly tenantId: string
  readonly analysisId: string
}

export interface JobQueueSettings {
  /** On the embedded server not below 1,000: lock attempts that overlap all choose the same job. */
  readonly pollMs: number
  readonly leaseMs: number
  readonly concurrency: number
}

export interface RunningJob {
  readonly data: JobData
  /** Renews the job's lock; failing to is no reason to stop, the analysis' own lease decides. */
  touch(): Promise<void>
}

/** `enqueue`, `hasJob` and `removeFinished` throw DATABASE_UNAVAILABLE. */
export interface JobQueue {
  enqueue(data: JobData, at: Date): Promise<void>
  /** Whether a job for it waits or runs. */
  hasJob(analysisId: string): Promise<boolean>
  /** Agenda ends a job and removes it in two steps, and never looks again at one whose process or database died between them. */
  removeFinished(): Promise<void>
  /** Begins to take jobs. `run` never rejects. */
  work(run: (job: RunningJob) => Promise<void>): Promise<void>
  /** Takes no more jobs and gives back those that were locked and have not begun; running ones go on. */
  stop(): Promise<void>
}

interface Parts {
  readonly db: Db
  readonly settings: JobQueueSettings
  readonly onError: (error: unknown) => void
}

export function createJobQueue({ db, settings, onError }: Parts): JobQueue {
  const { pollMs, leaseMs, concurrency } = settings
  const agenda = new Agenda({
    backend: backendOn(db), processEvery: pollMs, maxConcurrency: concurrency, defaultConcurrency: concurrency,
    // Both limits: without one, one worker locks the whole queue.
    lockLimit: concurrency, defaultLockLimit: concurrency, defaultLockLifetime: leaseMs, removeOnComplete: true,
  })
  agenda.on('error', onError)
  return {
    enqueue: (data, at) => onDatabase(async () => {
      await agenda.ready
      await agenda.create(PROCESS_ANALYSIS, data).schedule(at).save()
    }),
    hasJob: async (analysisId) => {
      const { jobs } = await onDatabase(() => agenda.queryJobs({ name: PROCESS_ANALYSIS, data: { analysisId } }))
      return jobs.some(({ nextRunAt, lockedAt }) => Boolean(nextRunAt) || Boolean(lockedAt))
    },
    removeFinished: () => onDatabase(async () => {
      const { jobs } = await agenda.queryJobs({ name: PROCESS_ANALYSIS })
      const ids = jobs.flatMap(({ _id, nextRunAt, lockedAt }) => (_id === undefined || nextRunAt || lockedAt ? [] : [_id]))
      if (ids.length > 0) await agenda.cancel({ ids })
    }),
    work: async (run) => {
      agenda.define<JobData>(PROCESS_ANALYSIS, async (job) => run({ data: job.attrs.data, touch: () => touch(job) }), { concurrency, lockLimit: concurrency, lockLifetime: leaseMs })
      await agenda.start()
    },
    stop: async () => {
      await agenda.stop(false)
    },
  }
}

/**
 * The backend's repository without the rest of its connecting, which makes indexes in the background and brings the process down
 * when the database does not answer at that moment. The index is declared above.
 */
function backendOn(db: Db): AgendaBackend {
  const { repository } = new MongoBackend({ mongo: db, collection: COLLECTION, ensureIndex: false, sort: { priority: 'desc', nextRunAt: 'asc' } })
  return { name: 'MongoDB', repository, ownsConnection: false, connect: () => repository.connect(), disconnect: () => Promise.resolve() }
}

async function touch(job: Job<JobData>): Promise<void> {
  await job.touch()
}
