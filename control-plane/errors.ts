// The catalogue of everything that can go wrong on purpose, and the one error class that carries a code of it.
// docs/errors.md explains each code to the person who meets it; a test holds the two equal.

interface ErrorRow {
  readonly status: number
  /** Who has to act: whoever sent the request, a system outside of ours, or us. */
  readonly blame: 'caller' | 'outside' | 'us'
  /** Whether the same request can succeed later without a change. */
  readonly retry: boolean
  /** Public: the title of the problem document. Says nothing about other tenants and carries no values. */
  readonly message: string
}

const caller = (status: number, message: string): ErrorRow => ({ status, blame: 'caller', retry: false, message })
const callerLater = (status: number, message: string): ErrorRow => ({ status, blame: 'caller', retry: true, message })
const outside = (status: number, message: string): ErrorRow => ({ status, blame: 'outside', retry: false, message })
const outsideLater = (status: number, message: string): ErrorRow => ({ status, blame: 'outside', retry: true, message })
const us = (status: number, message: string): ErrorRow => ({ status, blame: 'us', retry: false, message })
const usLater = (status: number, message: string): ErrorRow => ({ status, blame: 'us', retry: true, message })

export const ERRORS = {
  // Who is asking
  UNAUTHENTICATED: caller(401, 'No credentials were sent. Sign in, or send "authorization: Bearer" with an API key or a GitHub OIDC token'),
  API_KEY_INVALID: caller(401, 'This API key is not known, was revoked or is malformed'),
  API_KEY_EXPIRED: caller(401, 'This API key has expired'),
  TOKEN_MALFORMED: caller(401, 'The bearer token is neither an API key nor a well-formed OIDC token'),
  TOKEN_UNSIGNED: caller(401, 'The OIDC token is not signed, or by an algorithm that is not accepted'),
  TOKEN_SIGNATURE: caller(401, "The OIDC token's signature is wrong"),
  TOKEN_KEY_UNKNOWN: caller(401, "The OIDC token is signed by a key that its issuer does not publish"),
  TOKEN_EXPIRED: callerLater(401, 'The OIDC token has expired; ask for a new one'),
  TOKEN_NOT_YET_VALID: callerLater(401, 'The OIDC token is not valid yet; compare the clocks'),
  TOKEN_AUDIENCE: caller(401, 'The OIDC token was issued for another audience'),
  TOKEN_ISSUER: caller(401, 'The OIDC token comes from an issuer that this service does not accept'),
  TOKEN_CLAIMS: caller(401, 'The OIDC token lacks a claim that identifies the repository'),
  ISSUER_UNAVAILABLE: outsideLater(503, "The keys of the OIDC token's issuer cannot be fetched now"),
  WEBHOOK_SIGNATURE: caller(401, 'The delivery is not signed with a webhook secret of this service'),
  CALENDAR_FEED_INVALID: caller(401, "This calendar's address is not known, was revoked or is malformed"),
  TENANT_UNKNOWN: caller(403, 'This organisation is not registered here'),
  FORBIDDEN: caller(403, 'These credentials do not allow this'),
  SESSION_INVALID: caller(401, 'The session is not known here, or was ended; sign in again'),
  SESSION_EXPIRED: caller(401, 'The session has expired; sign in again'),
  CROSS_SITE_REQUEST: caller(403, 'With a session, changes are accepted from our own pages only'),
  SIGN_IN_NOT_CONFIGURED: caller(501, 'Nobody can sign in here: the operator has not set up the OAuth application'),
  SIGN_IN_STATE: caller(400, 'This sign-in was not begun in this browser, or too long ago; begin again'),
  SIGN_IN_REFUSED: caller(403, 'GitHub did not let you sign in'),
  SIGN_IN_CODE: caller(400, "GitHub does not accept the sign-in's code: it was used, or is too old; begin again"),
  SIGN_IN_MISCONFIGURED: us(500, 'GitHub does not accept the OAuth application of this service'),
  MEMBERSHIP_MISSING: caller(403, 'You are not a member of this organisation here; ask an admin for an invitation'),
  MEMBERSHIP_AMBIGUOUS: caller(409, 'You are a member of several organisations; say which one'),

  // What is asked
  ROUTE_NOT_FOUND: caller(404, 'There is nothing at this address'),
  METHOD_NOT_ALLOWED: caller(405, 'This address does not take this method'),
  ANALYSIS_NOT_FOUND: caller(404, 'There is no such analysis'),
  REPOSITORY_NOT_FOUND: caller(404, 'There is no such repository, or it is not visible with the token of this organisation'),
  REPOSITORY_MISMATCH: caller(403, 'The repository, ref or commit of the body is not the one that the token was issued for'),
  FINDING_NOT_FOUND: caller(404, 'There is no such finding'),
  FINDING_STATE: caller(409, 'The finding is not in a state that allows this'),
  POLICY_INVALID: caller(400, 'The policy is not written as a policy file is'),
  POLICY_CHANGED: caller(412, 'The policy is not the version that If-Match names'),
  BASELINE_NOT_FOUND: caller(404, 'No state of this repository was accepted yet'),
  BASELINE_CHANGED: caller(412, 'The accepted state is not the version that If-Match names'),
  DEAD_LETTER_NOT_FOUND: caller(404, 'There is no such dead letter'),
  SESSION_NOT_FOUND: caller(404, 'There is no such session'),
  MEMBER_NOT_FOUND: caller(404, 'There is no such member'),
  MEMBER_LAST_OWNER: caller(409, 'An organisation keeps at least one owner'),
  INVITATION_NOT_FOUND: caller(404, 'There is no such invitation'),
  INVITATION_EXISTS: caller(409, 'There is an open invitation for this person, or the person is a member'),
  CALENDAR_FEED_NOT_FOUND: caller(404, 'There is no such calendar feed'),
  CURSOR_INVALID: caller(400, 'The cursor does not belong to this list'),
  BODY_INVALID: caller(400, 'The request does not have the documented shape'),
  BODY_MALFORMED: caller(400, 'The body is not readable JSON, or its compression is damaged'),
  BODY_TOO_LARGE: caller(413, 'The body is over the limit'),
  MEDIA_TYPE_UNSUPPORTED: caller(415, 'The body must be application/json, as it is or compressed by gzip'),
  REQUEST_INVALID: caller(400, 'The request is not readable'),
  IDEMPOTENCY_KEY_REUSED: caller(422, 'This idempotency key came with another request before'),
  IDEMPOTENCY_KEY_IN_USE: callerLater(409, 'The first request with this idempotency key is still at work'),
  IDEMPOTENCY_ANSWER_SECRET: caller(409, 'This was done under this idempotency key already; its answer held a secret, which is shown once'),
  RATE_LIMITED: callerLater(429, 'Too many requests; wait as long as Retry-After says'),
  STREAMS_LIMITED: callerLater(429, 'Too many streams of events are open'),
  OVERLOADED: usLater(503, 'The service has more to do than it can; wait as long as Retry-After says'),
  SCAN_BUDGET_SPENT: callerLater(429, "The budget of requests for this organisation's scans is used up for this hour"),
  BACKLOG_FULL: usLater(503, 'So many analyses wait that no more are accepted now; wait as long as Retry-After says'),

  // GitHub
  GITHUB_UNAVAILABLE: outsideLater(502, 'GitHub did not answer usefully'),
  GITHUB_RATE_LIMITED: outsideLater(503, "GitHub's limit for this organisation's token is used up for now"),
  GITHUB_TOKEN_MISSING: caller(409, 'No GitHub token is stored for this organisation'),
  GITHUB_APP_REJECTED: us(500, 'GitHub does not accept the App of this service'),
  GITHUB_TOKEN_REJECTED: caller(409, "GitHub rejects this organisation's token: it expired, was revoked, or is wrong"),
  GITHUB_FORBIDDEN: caller(409, "This organisation's GitHub token lacks a permission that is needed here"),
  WORKFLOWS_PERMISSION_MISSING: caller(409, 'The GitHub token may not write workflow files: it needs the permission "workflows: write"'),
  PULL_REQUEST_REFUSED: outside(409, 'GitHub refused the pull request'),
  BRANCH_PROTECTED: caller(409, 'The branch is protected against this change'),
  BRANCH_MOVED: outsideLater(409, 'The branch moved while it was being changed'),
  DEFAULT_BRANCH_MISSING: caller(409, 'The repository has no default branch, or it is empty'),
  COMMIT_NOT_FOUND: caller(404, 'The repository has no such commit'),

  // Models
  MODEL_NOT_CONFIGURED: us(503, 'No model provider is configured that serves this'),
  MODEL_CONTEXT_EXCEEDED: us(413, 'The request is larger than the context window of every model that could answer it'),
  MODEL_PRICE_MISSING: us(409, 'No price is known for any model that could answer; a model without a price is not called'),
  MODEL_CIRCUIT_OPEN: outsideLater(503, 'The model provider failed too often in a row and is left alone for a while'),
  MODEL_BAD_REQUEST: outside(502, 'The model provider says that the request is malformed'),
  MODEL_UNAUTHORISED: outside(502, "The model provider rejects this service's API key: it is wrong or was revoked"),
  MODEL_FORBIDDEN: outside(502, "The model provider does not let this service's account use the model"),
  MODEL_GONE: outside(502, 'The model provider does not have this model, or has it no more'),
  MODEL_RATE_LIMITED: outsideLater(503, "The model provider's limit per minute is reached"),
  MODEL_DAILY_LIMIT: outsideLater(503, "The model provider's limit per day is reached; it is not asked again before the reset"),
  MODEL_OVERLOADED: outsideLater(503, 'The model is overloaded'),
  MODEL_UNAVAILABLE: outsideLater(502, 'The model provider failed'),
  MODEL_TIMEOUT: outsideLater(504, 'The model did not answer in time'),
  MODEL_RESET: outsideLater(502, 'The connection to the model provider failed or broke in the middle of an answer'),
  MODEL_BLOCKED: outside(502, 'The model provider blocked the answer for safety'),
  MODEL_CUT_OFF: outside(502, "The model's answer was cut off before its end"),
  MODEL_REQUEST_TOO_LARGE: outside(502, 'The model provider says that the request is too large'),
  MODEL_ANSWER_TOO_LARGE: outside(502, "The model's answer is far larger than any answer should be"),
  MODEL_ANSWER_INVALID: outside(502, "The model's answer does not have the asked shape"),

  // The work
  ATTEMPTS_EXHAUSTED: us(500, 'The analysis was tried as often as allowed and did not end'),
  ANALYSIS_CANCELLED: usLater(503, 'The analysis was interrupted because the service is stopping'),
  ANALYSIS_STATE: caller(409, 'The analysis is not in a state that allows this'),
  LEASE_LOST: usLater(503, 'Another worker has taken over this analysis'),

  // Quotas and prices
  QUOTA_EXCEEDED: callerLater(429, 'A quota does not allow this call to a model'),
  QUOTA_NOT_FOUND: caller(404, 'There is no such quota'),
  QUOTA_ID_INVALID: caller(400, 'This is no name of a quota'),
  AMOUNT_INVALID: caller(400, 'An amount is not usable'),
  RESERVATION_EXPIRED: usLater(409, 'The reservation had ended before its call was made or settled'),
  RESERVATION_NOT_FOUND: us(404, 'There is no such reservation'),
  RESERVATION_STATE: us(409, 'The reservation is not in a state that allows this'),
  PRICE_UNKNOWN: caller(409, 'The model has no price now, and a money quota is not counted without one'),
  MODEL_EXISTS: caller(409, 'There is a model of this name already'),
  MODEL_ALIAS_UNKNOWN: caller(409, 'No purpose asks an alias of this name'),
  MODEL_UNKNOWN: caller(404, 'There is no model of this name'),
  PRICE_EXISTS: caller(409, 'A price of this model begins on this day already'),
  PRICE_NOT_FOUND: caller(404, 'There is no such price'),

  // The service itself
  CONFIG_INVALID: us(500, 'The settings are not usable'),
  DATABASE_UNAVAILABLE: usLater(503, 'The database does not answer now; nothing that was accepted is lost'),
  DATABASE_NOT_INSTALLED: us(500, 'There is no database: name one by MONGODB_URI, install mongod (or name it by MONGOD_BINARY), or run setup with Python 3.10 or newer'),
  DATABASE_START_FAILED: us(500, 'The embedded database did not start'),
  DATA_FOLDER_IN_USE: us(500, 'The data folder is in use by another process'),
  TENANT_EXISTS: caller(409, 'This organisation is registered already'),
  TENANT_NOT_FOUND: caller(404, 'There is no such organisation here'),
  API_KEY_NOT_FOUND: caller(404, 'There is no such API key'),
  ENCRYPTION_KEY_UNKNOWN: us(500, 'A stored secret is encrypted with a key that ENCRYPTION_KEYS does not hold'),
  SECRET_DAMAGED: us(500, 'A stored secret cannot be decrypted: it was changed, or belongs to another tenant or purpose'),
  USAGE: caller(400, 'The command is not used as its help says'),
  NOT_READY: usLater(503, 'The service is not ready'),
  INTERNAL: us(500, 'Something went wrong on our side'),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

export interface AppErrorOptions {
  /** Public: what exactly, with values that the caller may see. */
  readonly detail?: string
  /** The original: goes to the log, never to the caller. */
  readonly cause?: unknown
  /** Seconds after which trying again makes sense: becomes Retry-After. */
  readonly retryAfterSeconds?: number
}

/** An expected failure. Compare `code`, never `message`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const message = ERRORS[code].message
    super(options.detail === undefined ? message : `${message}: ${options.detail}`, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.detail = options.detail
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get row(): ErrorRow {
    return ERRORS[this.code]
  }
}

/** True for an AppError of one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): error is AppError =>
  error instanceof AppError && codes.includes(error.code)
