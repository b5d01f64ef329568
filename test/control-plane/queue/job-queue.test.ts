import { MongoClient } from 'mongodb'
import { afterAll, expect, test } from 'vitest'
import { createJobQueue } from '../../../control-plane/queue/job-queue.ts'

/** Nothing listens there. */
const client = new MongoClient('mongodb://127.0.0.1:9', { serverSelectionTimeoutMS: 100, directConnection: true })
afterAll(() => client.close())

test('says that the database is unavailable when it cannot reach it', async () => {
  const jobs = createJobQueue({ db: client.db('none'), settings: { pollMs: 1_000, leaseMs: 1_000, concurrency: 1 }, onError: () => undefined })
  await expect(jobs.enqueue({ tenantId: 't', analysisId: 'a' }, new Date(0))).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await expect(jobs.hasJob('a')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})
