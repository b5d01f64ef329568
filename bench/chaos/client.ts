// What a run does that wants its analysis: posts to one API or the other, waits as long as it is told, and posts the same again
// when it got no answer.
import { setTimeout as pause } from 'node:timers/promises'
import type { AnalysisWire } from '../../contract/analyses.ts'
import type { CrashRun } from '../../test/e2e/crash-fixture.ts'
import type { Fleet } from './fleet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

interface Parts {
  readonly fleet: Pick<Fleet, 'apis'>
  readonly random: Random
  readonly tally: Tally
}

export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly run: CrashRun
  /** The first attempt does not wait longer than this. */
  readonly firstMs?: number
}

const ANSWER_MS = 10_000
const AGAIN_MS = 300
/** Without an answer for this long, a submission counts as lost. */
const PATIENCE_MS = 300_000

/** The first good answer. Throws an Error for one that says no, or when there is none for five minutes. */
export async function call(parts: Parts, { method, path, run, firstMs = ANSWER_MS }: Call): Promise<AnalysisWire> {
  const until = Date.now() + PATIENCE_MS
  for (let attempt = 1; Date.now() < until; attempt++) {
    const answer = await ask(parts, { method, path, run, withinMs: attempt === 1 ? firstMs : ANSWER_MS })
    if ('analysis' in answer) return answer.analysis
    await pause(answer.waitMs)
  }
  throw new Error(`${method} ${path} of ${run.submission.repository} got no answer in five minutes`)
}

type Answer = { readonly analysis: AnalysisWire } | { readonly waitMs: number }

async function ask({ fleet, random, tally }: Parts, { method, path, run, withinMs }: Omit<Call, 'firstMs'> & { readonly withinMs: number }): Promise<Answer> {
  const urls = fleet.apis()
  if (urls.length === 0) return { waitMs: AGAIN_MS }
  let response: Response
  let text: string
  try {
    response = await fetch(`${random.pick(urls)}/v1${path}`, {
      method, signal: AbortSignal.timeout(withinMs), headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(run.submission) } : {}),
    })
    text = await response.text()
  } catch {
    tally.add('answers to clients', `${method} none`)
    return { waitMs: AGAIN_MS }
  }
  const { code } = response.ok ? { code: '' } : (JSON.parse(text) as { readonly code: string })
  tally.add('answers to clients', `${method} ${response.status}${code === '' ? '' : ` ${code}`}`)
  if (response.ok) return { analysis: JSON.parse(text) as AnalysisWire }
  const retryAfter = Number(response.headers.get('retry-after'))
  if ((response.status !== 503 && response.status !== 429) || !(retryAfter > 0)) throw new Error(`${method} ${path} answered ${response.status} ${text}`)
  return { waitMs: retryAfter * 1_000 }
}
