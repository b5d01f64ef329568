// Answers the facts that rules asked for: from the cache while they are fresh, else from the code host, a few at a time.
// What cannot be answered is `unknown` with the reason; nothing here fails a run.
import { factKey, type FactAnswer, type FactRequest, type Facts } from '../analysis/fact.ts'
import type { CodeHost, HostAnswer } from './code-host.ts'
import type { FactCache, FactCacheEntry, FactScope } from './fact-cache.ts'

export interface FactsSourceParts {
  readonly codeHost: CodeHost
  readonly cache: FactCache
  readonly clock: () => Date
  /** Where answers go that are not about public repositories. */
  readonly scope: Exclude<FactScope, 'public'>
  /** Questions under way at once. */
  readonly concurrency?: number
}

interface AnswerOptions {
  /** Called after each answer. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}

export interface FactsSource {
  /** One answer for every request, by `factKey`. Rejects only when `signal` is aborted. */
  answer(requests: readonly FactRequest[], options?: AnswerOptions): Promise<Facts>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** How long an answer is taken as true without asking again. A moved tag is seen within the hour. */
const FRESH_MS: Readonly<Record<FactRequest['kind'] | 'unknown', number>> = {
  ref: HOUR_MS, image: HOUR_MS, action: HOUR_MS, releases: 6 * HOUR_MS, repository: 6 * HOUR_MS, advisories: 6 * HOUR_MS,
  // A commit stays where it is; only new tags change what is said of it.
  commit: 24 * HOUR_MS, host: 24 * HOUR_MS, unknown: 10 * MINUTE_MS,
}
const CONCURRENCY = 8

export function createFactsSource(parts: FactsSourceParts): FactsSource {
  return {
    async answer(requests, options = {}) {
      const wanted = new Map(requests.map((request) => [factKey(request), request]))
      const facts = new Map<string, FactAnswer>()
      const run = createRun(parts, options.signal)
      const queue = [...wanted]
      const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const [key, request] = next
          facts.set(key, await run(request))
          options.onProgress?.({ done: facts.size, total: wanted.size })
        }
      }
      await Promise.all(Array.from({ length: Math.min(parts.concurrency ?? CONCURRENCY, queue.length) }, worker))
      return facts
    },
  }
}

/** One run remembers that the host told it to stop. */
function createRun(parts: FactsSourceParts, signal: AbortSignal | undefined) {
  let stopped: FactAnswer | null = null
  return async (request: FactRequest): Promise<FactAnswer> => {
    signal?.throwIfAborted()
    const key = `${parts.codeHost.name} ${factKey(request)}`
    const known = await remembered(parts, { key, request })
    if (known && isFresh(known, request, parts.clock())) return known.answer
    if (stopped) return stopped
    const heard = await parts.codeHost.ask(request, known, signal)
    const answer = heard.answer === 'unchanged' ? (known?.answer ?? { status: 'unknown', reason: 'the code host said nothing' }) : heard.answer
    if (heard.stop && answer.status === 'unknown') stopped = answer
    await remember(parts, key, { heard, answer })
    return answer
  }
}

/** What everyone may know if it is fresh, else whichever of the two scopes heard last: a repository may have turned private. */
async function remembered(parts: FactsSourceParts, { key, request }: { key: string; request: FactRequest }): Promise<FactCacheEntry | null> {
  const { cache, scope, clock } = parts
  const shared = await quietly(cache.get(key, 'public'))
  if (shared && isFresh(shared, request, clock())) return shared
  const own = await quietly(cache.get(key, scope))
  return (shared?.confirmedAtMs ?? 0) > (own?.confirmedAtMs ?? 0) ? shared : (own ?? shared)
}

async function remember(parts: FactsSourceParts, key: string, { heard, answer }: { heard: HostAnswer; answer: FactAnswer }): Promise<void> {
  const { cache, scope, clock } = parts
  if (!heard.lasting) return
  const shared = heard.visibility === 'public' && answer.status === 'known'
  await quietly(cache.set(key, shared ? 'public' : scope, { answer, etag: heard.etag, confirmedAtMs: clock().getTime() }))
}

function isFresh(entry: FactCacheEntry, request: FactRequest, now: Date): boolean {
  const freshMs = entry.answer.status === 'unknown' ? FRESH_MS.unknown : FRESH_MS[request.kind]
  const ageMs = now.getTime() - entry.confirmedAtMs
  return ageMs >= 0 && ageMs < freshMs
}

/** A cache that fails is a cache that knows nothing. */
async function quietly<T>(work: Promise<T>): Promise<T | null> {
  return work.catch(() => null)
}
