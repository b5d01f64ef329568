// A GitHub that fails in windows: statuses of its own, pages of a proxy, secondary limits, connections that hang or break, and
// answers that get lost after the work was done.
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultResponse } from '../../test/github-gateway/faults.ts'
import type { Gateway } from '../../test/github-gateway/start-gateway.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

interface Window {
  readonly name: string
  readonly respond: FaultResponse
  /** Of the requests in the window. */
  readonly share: number
  readonly onlyWrites?: boolean
  /** How many requests it meets at most. */
  readonly times?: number
}

const WINDOWS: readonly Window[] = [
  { name: '500', respond: { kind: 'status', status: 500 }, share: 0.4 },
  { name: '503 with Retry-After', respond: { kind: 'status', status: 503, headers: { 'retry-after': '1' } }, share: 0.5 },
  { name: '502 with a page of HTML', respond: { kind: 'html', status: 502 }, share: 0.5 },
  { name: 'closed without an answer', respond: { kind: 'close' }, share: 0.3 },
  { name: 'write done, answer cut off', respond: { kind: 'cut-off' }, share: 0.5, onlyWrites: true },
  { name: 'write done, answer cut off', respond: { kind: 'cut-off' }, share: 0.5, onlyWrites: true },
  { name: 'slow', respond: { kind: 'slow', delayMs: 1_500 }, share: 0.4 },
  // Each holds a worker for as long as it waits for an answer.
  { name: 'hangs', respond: { kind: 'hang' }, share: 0.2, times: 2 },
]

interface Parts {
  readonly github: Gateway
  /** Labels of the tokens that can be limited. */
  readonly tokens: readonly string[]
  readonly random: Random
  readonly tally: Tally
}

const LIMIT_SHARE = 0.25

/** Window after window until the signal ends it; the last one ends with it. */
export async function makeWeather(parts: Parts, signal: AbortSignal): Promise<void> {
  const { random } = parts
  while (!signal.aborted) {
    await pause(random.whole(200, 1_500), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const clear = random.chance(LIMIT_SHARE) ? limit(parts) : fail(parts, random.pick(WINDOWS))
    await pause(random.whole(1_500, 5_000), undefined, { signal }).catch(() => undefined)
    clear()
  }
}

function fail({ github, random, tally }: Parts, { name, respond, share, onlyWrites = false, times = Infinity }: Window): () => void {
  return github.fault({
    times, respond,
    when: ({ method }) => {
      const isMet = (!onlyWrites || method !== 'GET') && random.chance(share)
      if (isMet) tally.add('faults of GitHub', name)
      return isMet
    },
  })
}

/** Of one token, as GitHub does. Its own count is in the gateway's log. */
function limit({ github, tokens, random }: Parts): () => void {
  return github.limit({ kind: 'secondary', token: random.pick(tokens), status: random.pick([403, 429] as const), seconds: random.pick([1, 2, 5]) })
}
