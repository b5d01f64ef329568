// One client of the code host per tenant's token. Answers that are no JSON (a proxy's HTML page, half a body) become an error
// here, so that nobody reads fields of a string. Never logs: the caller maps what is thrown (code-host-failure.ts).
import { AsyncResource } from 'node:async_hooks'
import { Octokit } from '@octokit/rest'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { timeLimit } from '../facts/time-limit.ts'

export type GithubClient = InstanceType<typeof Octokit>

export interface GithubClientSettings {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string
  readonly userAgent: string
  readonly requestTimeoutMs: number
  /** Repeats and paces calls inside one attempt; off in tests, where the queue's own retries are enough. */
  readonly pace: boolean
  /** Default: the process's own. */
  readonly fetch?: typeof fetch
}

export interface GithubClientOptions {
  /** In clear: handed to the code host and to nobody else. */
  readonly token: string
  /** Pacing is shared by everything that carries the same id. */
  readonly paceId: string
  /** Ends every call of this client. */
  readonly signal?: AbortSignal
}

/** Thrown for an answer with a good status whose body is not what was promised. */
export class UnreadableAnswerError extends Error {
  readonly url: string
  constructor(url: string) {
    super('the code host answered with something that is not JSON')
    this.name = 'UnreadableAnswerError'
    this.url = url
  }
}

/** Waits inside an attempt are short: a long one goes back to the queue and frees the worker. */
const LONGEST_WAIT_S = 10
const MOST_REPEATS = 2

const PacedOctokit = Octokit.plugin(retry, throttling)
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export function createGithubClient(settings: GithubClientSettings, options: GithubClientOptions): GithubClient {
  const waits = (retryAfterS: number, _request: unknown, _octokit: unknown, repeats: number) =>
    retryAfterS <= LONGEST_WAIT_S && repeats < MOST_REPEATS
  const within = fetchWithin(settings, options.signal)
  const client = new PacedOctokit({
    auth: options.token,
    baseUrl: settings.apiUrl,
    userAgent: settings.userAgent,
    log: SILENT,
    request: { fetch: within },
    retry: { enabled: settings.pace, retries: MOST_REPEATS },
    throttle: { enabled: settings.pace, id: options.paceId, onRateLimit: waits, onSecondaryRateLimit: waits },
  })
  client.hook.wrap('request', (send, request) => {
    // Pacing runs a request when another one ends; it still belongs to who made it.
    request.request = { ...request.request, fetch: AsyncResource.bind(within) }
    return send(request)
  })
  client.hook.after('request', (response) => {
    const body: unknown = response.data
    if (typeof body === 'string' && response.status !== 204) throw new UnreadableAnswerError(response.url)
  })
  return client
}

function fetchWithin({ requestTimeoutMs, fetch: send = fetch }: GithubClientSettings, signal: AbortSignal | undefined): typeof fetch {
  return (url, init) => {
    const signals = [timeLimit(requestTimeoutMs), ...(signal ? [signal] : []), ...(init?.signal ? [init.signal] : [])]
    return send(url, { ...init, signal: AbortSignal.any(signals) })
  }
}
