// What the driver's errors mean to the service: a database that cannot be reached, or a key that exists already.
import { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { AppError, hasCode } from '../errors.ts'

const DUPLICATE_KEY = 11000
/** Codes by which a server says that it is starting, stopping or changing its primary. */
const NOT_AVAILABLE = new Set<unknown>([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])
const UNREACHABLE_NAMES = new Set(['MongoPoolClearedError', 'MongoPoolClosedError', 'MongoWaitQueueTimeoutError', 'MongoNotConnectedError',
  'MongoTopologyClosedError', 'MongoClientClosedError', 'MongoOperationTimeoutError', 'PoolClearedOnNetworkError'])
const SOCKET_CODES = new Set<unknown>(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'])
const RETRY_AFTER_SECONDS = 5

export const isDuplicateKey = (error: unknown): boolean =>
  (error instanceof MongoServerError || error instanceof MongoBulkWriteError) && error.code === DUPLICATE_KEY

/** False when a unique index has another one already: whoever was first keeps the place. */
export async function unlessDuplicate(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true
  if (!(error instanceof MongoError)) return hasCode(error, 'DATABASE_UNAVAILABLE')
  return UNREACHABLE_NAMES.has(error.name) || NOT_AVAILABLE.has(error.code)
}

const unavailable = (cause: unknown): AppError => new AppError('DATABASE_UNAVAILABLE', { cause, retryAfterSeconds: RETRY_AFTER_SECONDS })

/** The error itself, or DATABASE_UNAVAILABLE when it is the driver's word for a server that does not answer. */
export const fromDatabaseError = (error: unknown): unknown =>
  isDatabaseUnavailable(error) && !(error instanceof AppError) ? unavailable(error) : error

/** Runs a piece of work that only talks to the database: an error of the socket, which the driver lets through when the
 *  server goes away at the moment of writing, is the database's too. Throws DATABASE_UNAVAILABLE or the driver's error. */
export async function onDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isSocketError = error instanceof Error && 'code' in error && SOCKET_CODES.has(error.code)
    throw isSocketError ? unavailable(error) : fromDatabaseError(error)
  }
}
