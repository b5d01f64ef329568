import { MongoNetworkError, MongoServerError } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { fromDatabaseError, isDatabaseUnavailable, onDatabase } from '../../../control-plane/database/database-errors.ts'
import { AppError } from '../../../control-plane/errors.ts'

const socketError = (code: string) => Object.assign(new Error('This socket has been ended by the other party'), { code })

describe('an error while the database is used', () => {
  test.each([
    ['of the network', new MongoNetworkError('connection closed')],
    ['of a server that steps down', new MongoServerError({ message: 'not primary', code: 10107 })],
    ['of the socket, which the driver does not wrap', socketError('EPIPE')],
  ])('%s is DATABASE_UNAVAILABLE, with a time to wait and the original as its cause', async (_what, error) => {
    await expect(onDatabase(() => Promise.reject(error))).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryAfterSeconds: 5, cause: error })
  })

  test.each([new MongoServerError({ message: 'duplicate key', code: 11000 }), new TypeError('a defect'), new AppError('ANALYSIS_NOT_FOUND')])('that means something else stays as it is: %s', async (error) => {
    await expect(onDatabase(() => Promise.reject(error))).rejects.toBe(error)
  })
})

test('a socket error of anything else is not taken for the database', () => {
  expect(isDatabaseUnavailable(socketError('ECONNRESET'))).toBe(false)
  expect(fromDatabaseError(socketError('ECONNRESET'))).not.toBeInstanceOf(AppError)
})
