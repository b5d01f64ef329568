// The code host's failures as rows of the catalogue: every code of theirs has one.
import { CodeHostError } from '../pull-request/code-host-error.ts'
import { codeHostFailure } from '../pull-request/code-host-failure.ts'
import { AppError } from './errors.ts'

/** An AppError when the code host is to blame; anything else, an AppError too, comes back unchanged. */
export function fromCodeHostError(error: unknown): unknown {
  const known = codeHostFailure(error)
  if (!(known instanceof CodeHostError)) return known
  const { code, detail, retryAfterSeconds, cause } = known
  return new AppError(code, { cause, ...(detail === undefined ? {} : { detail }), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) })
}
