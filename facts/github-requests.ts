// One GET to GitHub's API: time limit, repeats for faults that pass, conditional by ETag, and every outcome as a value.
// Reasons are written here from statuses and headers only; an error's own message is dropped, since it may quote a header.
import { timeLimit } from './time-limit.ts'

export interface GithubRequestsParts {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string
  /** Absent: anonymous, 60 requests an hour. */
  readonly token?: string
  readonly fetch?: typeof fetch
  readonly clock?: () => Date
  /** Waits between repeats. */
  readonly sleep?: (ms: number) => Promise<void>
  readonly timeoutMs?: number
}

export type Reply =
  | { readonly kind: 'answered'; readonly body: unknown; readonly etag: string | null }
  | { readonly kind: 'unchanged'; readonly etag: string | null }
  /** `status` is 0 when no answer came. `stop`: the next question would end the same way. */
  | { readonly kind: 'failed'; readonly status: number; readonly reason: string; readonly stop: boolean }

const TIMEOUT_MS = 10_000
/** Waits before the second and the third try. */
const BACKOFF_MS = [300, 1_200]
/** So many questions in a row without any answer: the host is out of reach, not slow once. */
const SILENCES_BEFORE_STOP = 3

type Outcome = { readonly reply: Reply; readonly again: boolean }

export type GithubRequests = ReturnType<typeof createGithubRequests>

export function createGithubRequests(parts: GithubRequestsParts) {
  const apiUrl = parts.apiUrl.replace(/\/+$/, '')
  const host = new URL(apiUrl).host
  const sleep = parts.sleep ?? ((ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)))
  let silences = 0
  const counted = (reply: Reply): Reply => {
    silences = reply.kind === 'failed' && reply.status === 0 ? silences + 1 : 0
    return silences >= SILENCES_BEFORE_STOP && reply.kind === 'failed' ? { ...reply, stop: true } : reply
  }
  return {
    apiUrl,
    /** Never rejects, except with the reason of `signal`. */
    async get(path: string, { etag, signal }: { etag: string | null; signal?: AbortSignal }): Promise<Reply> {
      for (let attempt = 0; ; attempt += 1) {
        const { reply, again } = await once(parts, { url: apiUrl + path, host, etag, signal })
        const wait = BACKOFF_MS[attempt]
        if (!again || wait === undefined) return counted(reply)
        await sleep(wait)
        signal?.throwIfAborted()
      }
    },
  }
}

interface Attempt {
  readonly url: string
  readonly host: string
  readonly etag: string | null
  readonly signal: AbortSignal | undefined
}

async function once(parts: GithubRequestsParts, { url, host, etag, signal }: Attempt): Promise<Outcome> {
  const limit = timeLimit(parts.timeoutMs ?? TIMEOUT_MS)
  let response: Response | null = null
  try {
    const headers = headersFor(parts.token, etag)
    response = await (parts.fetch ?? fetch)(url, { headers, signal: signal ? AbortSignal.any([signal, limit]) : limit })
    if (response.status === 304) return done({ kind: 'unchanged', etag: response.headers.get('etag') ?? etag })
    const text = await response.text()
    if (response.ok) return done({ kind: 'answered', body: JSON.parse(text) as unknown, etag: response.headers.get('etag') })
    return refused(response, { text, now: (parts.clock ?? systemClock)(), host, anonymous: parts.token === undefined })
  } catch (error) {
    signal?.throwIfAborted()
    if (response && error instanceof SyntaxError) {
      return failed({ status: response.status, reason: `${host} answered with something that is not JSON`, again: true })
    }
    if (limit.aborted) return failed({ status: 0, reason: `${host} did not answer in time`, again: false })
    return failed({ status: 0, reason: response ? `${host} broke off its answer` : `${host} cannot be reached`, again: true })
  }
}

interface Refusal {
  readonly text: string
  readonly now: Date
  readonly host: string
  readonly anonymous: boolean
}

function refused(response: Response, { text, now, host, anonymous }: Refusal): Outcome {
  const { status, headers } = response
  if (status >= 500) return failed({ status, reason: `${host} answered ${status}`, again: true })
  if (status === 401) return failed({ status, reason: `${host} refused the token (401)`, stop: true })
  const until = limitedUntil(response, { text, now })
  if (until !== null) return failed({ status, reason: `rate limited until ${until}${anonymous ? '; a token raises the limit' : ''}`, stop: true })
  if (status === 404) return failed({ status, reason: 'not found, or private' })
  if (headers.has('x-github-sso')) return failed({ status, reason: "the token is not authorised for the organisation's single sign-on (403)" })
  return failed({ status, reason: `${host} answered ${status}` })
}

/** When GitHub takes requests again ("14:05 UTC"), or null when this is no limit. */
function limitedUntil({ status, headers }: Response, { text, now }: { text: string; now: Date }): string | null {
  if (status !== 403 && status !== 429) return null
  const retryAfter = Number(headers.get('retry-after'))
  if (retryAfter > 0) return clockTime(new Date(now.getTime() + retryAfter * 1000))
  const reset = Number(headers.get('x-ratelimit-reset'))
  if (headers.get('x-ratelimit-remaining') === '0' && reset > 0) return clockTime(new Date(reset * 1000))
  // GitHub asks for a minute where it names no time.
  return status === 429 || /rate limit|abuse detection/i.test(text) ? clockTime(new Date(now.getTime() + 60_000)) : null
}

function clockTime(date: Date): string {
  const minutes = new Date(Math.ceil(date.getTime() / 60_000) * 60_000)
  return `${minutes.toISOString().slice(11, 16)} UTC`
}

function headersFor(token: string | undefined, etag: string | null): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    'user-agent': 'autodevops',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(etag === null ? {} : { 'if-none-match': etag }),
  }
}

function systemClock(): Date {
  return new Date()
}

function done(reply: Reply): Outcome {
  return { reply, again: false }
}

function failed({ status, reason, stop = false, again = false }: { status: number; reason: string; stop?: boolean; again?: boolean }): Outcome {
  return { reply: { kind: 'failed', status, reason, stop }, again }
}
