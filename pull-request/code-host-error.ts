// What can go wrong on the code host, as one error class with stable codes. Each caller explains them to its own people: the
// service by its catalogue (which has a row for every code), the Action by what a workflow can do about it.

export type CodeHostErrorCode =
  | 'GITHUB_UNAVAILABLE'
  | 'GITHUB_RATE_LIMITED'
  | 'GITHUB_TOKEN_REJECTED'
  | 'GITHUB_FORBIDDEN'
  | 'REPOSITORY_NOT_FOUND'
  | 'WORKFLOWS_PERMISSION_MISSING'
  | 'PULL_REQUEST_REFUSED'
  | 'BRANCH_PROTECTED'
  | 'BRANCH_MOVED'
  | 'DEFAULT_BRANCH_MISSING'

export interface CodeHostErrorOptions {
  /** What exactly, with values that the caller may show. */
  readonly detail?: string
  /** The original: for logs only. */
  readonly cause?: unknown
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
}

/** Compare `code`, never `message`. */
export class CodeHostError extends Error {
  readonly code: CodeHostErrorCode
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: CodeHostErrorCode, options: CodeHostErrorOptions = {}) {
    super(options.detail === undefined ? code : `${code}: ${options.detail}`, { cause: options.cause })
    this.name = 'CodeHostError'
    this.code = code
    this.detail = options.detail
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
