// Sends the repository's pipelines to the control plane and waits for its result. One POST, then long polls; what comes back
// is checked against the contract, because a proxy or a captive portal may answer instead.
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { analysisSchema, MAX_BODY_BYTES, MAX_PATHS, type AnalysisWire, type Submission } from '../contract/analyses.ts'
import { problemSchema } from '../contract/problem.ts'
import { ActionError } from './action-error.ts'
import { parseJson, send, type ControlPlane, type PlaneRequest } from './control-plane-request.ts'

const REQUEST_TIMEOUT_MS = 30_000
const LONGEST_POLL_SECONDS = 30
const ATTEMPTS = 3
const LONGEST_RETRY_AFTER_MS = 20_000

/** Posts the analysis. Throws CONTROL_PLANE_UNREACHABLE, CONTROL_PLANE_REFUSED or CONTROL_PLANE_ANSWER. */
export async function submitAnalysis(plane: ControlPlane, submission: Submission): Promise<AnalysisWire> {
  const body = await promisify(gzip)(JSON.stringify(submission))
  const correlationId = randomUUID()
  plane.log(`request ${correlationId} to ${plane.url.origin}`)
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-correlation-id': correlationId }
  return call(plane, 'v1/analyses', { method: 'POST', headers, body })
}

/** Waits until the analysis ended or `waitSeconds` are over; answers its last known state either way. */
export async function awaitAnalysis(plane: ControlPlane, analysis: AnalysisWire, waitSeconds: number): Promise<AnalysisWire> {
  const deadline = plane.now() + waitSeconds * 1000
  let current = analysis
  while (!isEnded(current)) {
    const left = Math.ceil((deadline - plane.now()) / 1000)
    if (left <= 0) return current
    const wait = Math.min(left, LONGEST_POLL_SECONDS)
    const asked = plane.now()
    const next = await call(plane, `v1/analyses/${encodeURIComponent(current.id)}?wait=${wait}`, { method: 'GET' }, wait * 1000)
    if (next.state !== current.state) plane.log(`analysis ${next.id}: ${next.state}`)
    current = next
    // A server that does not hold the request must not be polled in a tight loop.
    if (!isEnded(current) && plane.now() - asked < 1000) await plane.sleep(1000)
  }
  return current
}

const isEnded = ({ state }: AnalysisWire): boolean => state === 'done' || state === 'failed' || state === 'superseded'

/** Cuts paths, then texts, until the body keeps the contract's limits; says so with `truncated`. */
export function fitSubmission(submission: Submission): Submission {
  let { paths, files, truncated } = submission
  if (paths.length > MAX_PATHS) [paths, truncated] = [paths.slice(0, MAX_PATHS), true]
  const overhead = Buffer.byteLength(JSON.stringify({ ...submission, paths, files: [] }))
  let room = MAX_BODY_BYTES - overhead
  const kept = files.filter((file) => (room -= Buffer.byteLength(JSON.stringify(file)) + 1) >= 0)
  if (kept.length < files.length) [files, truncated] = [kept, true]
  return { ...submission, paths, files, truncated }
}

type Request = Omit<PlaneRequest, 'timeoutMs'>

async function call(plane: ControlPlane, route: string, request: Request, extraMs = 0): Promise<AnalysisWire> {
  for (let attempt = 1; ; attempt++) {
    const answer = await attemptCall(plane, route, request, extraMs)
    if ('analysis' in answer) return answer.analysis
    if (attempt === ATTEMPTS || answer.retryInMs === null) throw answer.error
    plane.log(`${answer.error.message}; trying again in ${Math.ceil(answer.retryInMs / 1000)} s`)
    await plane.sleep(answer.retryInMs)
  }
}

type Answer = { readonly analysis: AnalysisWire } | { readonly error: ActionError; readonly retryInMs: number | null }

async function attemptCall(plane: ControlPlane, route: string, request: Request, extraMs: number): Promise<Answer> {
  const answer = await send(plane, route, { ...request, timeoutMs: REQUEST_TIMEOUT_MS + extraMs })
  if ('error' in answer) return { error: answer.error, retryInMs: 1000 }
  const { response, text } = answer
  if (response.ok) return readAnalysis(plane, response, text)
  return { error: refused(plane, response, text), retryInMs: retryDelay(response) }
}

function readAnalysis(plane: ControlPlane, response: Response, text: string): Answer {
  const parsed = analysisSchema.safeParse(parseJson(text))
  if (parsed.success) return { analysis: parsed.data }
  const type = response.headers.get('content-type') ?? 'no content type'
  const reason = parseJson(text) === undefined ? `${type} that is no JSON` : 'JSON that is no analysis'
  return { error: new ActionError('CONTROL_PLANE_ANSWER', `${plane.url.origin} answered ${response.status} with ${reason}; is it an AutoDevOps control plane?`), retryInMs: null }
}

function refused(plane: ControlPlane, response: Response, text: string): ActionError {
  if (response.status >= 300 && response.status < 400) {
    return new ActionError('CONTROL_PLANE_ANSWER', `${plane.url.origin} redirects; give its final address as control-plane-url`)
  }
  const problem = problemSchema.safeParse(parseJson(text))
  const said = problem.success ? `${problem.data.code}: ${problem.data.detail ?? problem.data.title} (request ${problem.data.requestId})` : 'without a reason'
  return new ActionError('CONTROL_PLANE_REFUSED', `the control plane at ${plane.url.origin} answered ${response.status} ${said}`)
}

/** Milliseconds; null for an answer that another attempt would not change. */
function retryDelay(response: Response): number | null {
  if (response.status !== 429 && response.status < 500) return null
  const seconds = Number(response.headers.get('retry-after') ?? '1')
  const ms = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000
  return ms <= LONGEST_RETRY_AFTER_MS ? ms : null
}
