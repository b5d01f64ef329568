// What a failed call to the code host means, as a code. The only place that reads its statuses and messages.
import { CodeHostError } from './code-host-error.ts'
import { UnreadableAnswerError } from './client.ts'

export interface CodeHostAnswer {
  /** After redirects. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** Octokit's error. A connection that failed or ran into the time limit has the status 500 and no response. */
interface Refusal extends Error {
  readonly status: number
  readonly response?: CodeHostAnswer & { readonly data?: unknown }
}

/** GitHub asks for at least a minute where it names no time. */
const UNNAMED_WAIT_S = 60

/** A CodeHostError; anything that is not the code host's doing, or has no code, comes back unchanged. */
export function codeHostFailure(error: unknown): unknown {
  if (error instanceof UnreadableAnswerError) return new CodeHostError('GITHUB_UNAVAILABLE', { detail: error.message, cause: error })
  if (!isRefusal(error)) return error
  const wait = limitWaitSeconds(error)
  if (wait !== null) return new CodeHostError('GITHUB_RATE_LIMITED', { retryAfterSeconds: wait, cause: error })
  if (isHtml(error)) return unavailable(error, `an HTML page with status ${error.status}`)
  if (error.status === 401) return new CodeHostError('GITHUB_TOKEN_REJECTED', { cause: error })
  if (error.status === 403) return new CodeHostError('GITHUB_FORBIDDEN', { cause: error })
  if (error.status === 404 || error.status === 451) return new CodeHostError('REPOSITORY_NOT_FOUND', { cause: error })
  if (error.status >= 500) return unavailable(error, `status ${error.status}`)
  return error
}

/** The status of a call that the code host refused, or null for every other failure. */
export function refusedStatus(error: unknown): number | null {
  return isRefusal(error) && error.response !== undefined ? error.status : null
}

/** What says that nothing changed since the etag that was named: Octokit throws it. Null for everything else. */
export function notModified(error: unknown): CodeHostAnswer | null {
  return isRefusal(error) && error.status === 304 ? (error.response ?? null) : null
}

/** Whether the code host's own words contain this; only for refusals that it marks by nothing but words. */
export function refusalSays(error: unknown, words: RegExp): boolean {
  return isRefusal(error) && (words.test(error.message) || words.test(JSON.stringify(error.response?.data ?? '')))
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'

function unavailable(error: Refusal, detail: string): CodeHostError {
  const after = Number(error.response?.headers['retry-after'])
  return new CodeHostError('GITHUB_UNAVAILABLE', { detail, cause: error, ...(after > 0 ? { retryAfterSeconds: after } : {}) })
}

function isHtml(error: Refusal): boolean {
  return String(error.response?.headers['content-type'] ?? '').startsWith('text/html')
}

/** Seconds to wait, or null when this is no limit. */
function limitWaitSeconds(error: Refusal): number | null {
  if (error.status !== 403 && error.status !== 429) return null
  const headers = error.response?.headers ?? {}
  const retryAfter = Number(headers['retry-after'])
  if (retryAfter > 0) return retryAfter
  if (headers['x-ratelimit-remaining'] === '0') {
    const untilReset = Number(headers['x-ratelimit-reset']) - Date.now() / 1000
    return Math.max(1, Math.ceil(untilReset) || UNNAMED_WAIT_S)
  }
  return error.status === 429 || /\bsecondary rate limit\b|\babuse detection\b/i.test(error.message) ? UNNAMED_WAIT_S : null
}
