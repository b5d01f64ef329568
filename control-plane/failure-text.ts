// A failure as the person at a terminal reads it: the code, what is wrong, what the outside said. Never a credential.
import { fromDatabaseError } from './database/database-errors.ts'
import { AppError } from './errors.ts'
import { withoutCredentials } from './logging.ts'

export function describeFailure(thrown: unknown): string {
  const error = fromDatabaseError(thrown)
  if (!(error instanceof AppError)) return withoutCredentials(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : ''
  return withoutCredentials(`${error.code}: ${error.message}${cause}`)
}
