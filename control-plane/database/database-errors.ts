// What the driver's errors mean to the service: a database that cannot be reached, or a key that exists already.
import { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { AppError } from '../errors.ts'

const DUPLICATE_KEY = 11000
/** Codes by which a server says that it is starting, stopping or changing its primary. */
const NOT_AVAILABLE = new Set<unknown>([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])
const UNREACHABLE_NAMES = new Set(['MongoPoolClearedError', 'MongoPoolClosedError', 'MongoWaitQueueTimeoutError', 'MongoNotConnectedError',
  'MongoTopologyClosedError', 'MongoClientClosedError', 'MongoOperationTimeoutError', 'PoolClearedOnNetworkError'])
const RETRY_AFTER_SECONDS = 5

export const isDuplicateKey = (error: unknown): boolean =>
  (error instanceof MongoServerError || error instanceof MongoBulkWriteError) && error.code === DUPLICATE_KEY

export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true
  if (!(error instanceof MongoError)) return false
  return UNREACHABLE_NAMES.has(error.name) || NOT_AVAILABLE.has(error.code)
}

/** The error itself, or DATABASE_UNAVAILABLE when it is the driver's word for a server that does not answer. */
export const fromDatabaseError = (error: unknown): unknown =>
  isDatabaseUnavailable(error) ? new AppError('DATABASE_UNAVAILABLE', { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS }) : error
