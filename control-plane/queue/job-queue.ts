// Agenda on the service's own database: a job carries only its tenant and analysis. Retries, attempts and dead letters are
// not Agenda's (it does not count a job that kills its process): they stand in the analysis document. Every job may run twice.
import { Agenda } from 'agenda'
import type { Job } from 'agenda'
import { MongoBackend } from '@agendajs/mongo-backend'
import type { Db } from 'mongodb'

const PROCESS_ANALYSIS = 'process-analysis'
const COLLECTION = 'jobs'

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

export interface JobQueue {
  enqueue(data: JobData, at: Date): Promise<void>
  /** Whether a job for it waits or runs. */
  hasJob(analysisId: string): Promise<boolean>
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
  const backend = new MongoBackend({ mongo: db, collection: COLLECTION, sort: { priority: 'desc', nextRunAt: 'asc' } })
  const agenda = new Agenda({
    backend, processEvery: pollMs, maxConcurrency: concurrency, defaultConcurrency: concurrency,
    // Both limits: without one, one worker locks the whole queue.
    lockLimit: concurrency, defaultLockLimit: concurrency, defaultLockLifetime: leaseMs, removeOnComplete: true,
  })
  agenda.on('error', onError)
  return {
    enqueue: async (data, at) => {
      await agenda.ready
      await agenda.create(PROCESS_ANALYSIS, data).schedule(at).save()
    },
    hasJob: async (analysisId) => {
      const { jobs } = await agenda.queryJobs({ name: PROCESS_ANALYSIS, data: { analysisId } })
      return jobs.some(({ nextRunAt, lockedAt }) => Boolean(nextRunAt) || Boolean(lockedAt))
    },
    work: async (run) => {
      agenda.define<JobData>(PROCESS_ANALYSIS, async (job) => run({ data: job.attrs.data, touch: () => touch(job) }), { concurrency, lockLimit: concurrency, lockLifetime: leaseMs })
      await agenda.start()
    },
    stop: async () => {
      await agenda.stop(false)
    },
  }
}

async function touch(job: Job<JobData>): Promise<void> {
  await job.touch()
}
