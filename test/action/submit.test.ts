import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ControlPlane } from '../../action/control-plane-request.ts'
import { awaitAnalysis, fitSubmission, submitAnalysis } from '../../action/submit.ts'
import { MAX_BODY_BYTES, MAX_PATHS, submissionSchema, type AnalysisWire, type Submission } from '../../contract/analyses.ts'
import { internalError, startBrokenServer, tooMany, type BrokenStep } from '../broken-server/start-broken-server.ts'

const COMMIT = 'c'.repeat(40)
const submission: Submission = {
  schemaVersion: 1, repository: 'acme/shop', ref: 'refs/heads/main', commit: COMMIT, paths: ['.github/workflows/ci.yml'], truncated: false,
  files: [{ path: '.github/workflows/ci.yml', text: 'on: push\n' }], options: { profile: 'regular', fixPr: 'never' },
}
const analysis = (state: AnalysisWire['state']): AnalysisWire => ({
  id: 'a1', url: 'https://plane.example/v1/analyses/a1', state, repository: 'acme/shop', ref: 'refs/heads/main', commit: COMMIT,
  createdAt: '2026-11-24T12:00:00Z', endedAt: null, outcome: null, error: null,
})
const answers = (state: AnalysisWire['state'], status = 200): BrokenStep => ({ kind: 'json', status, body: analysis(state) })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function planeWith(...script: [BrokenStep, ...BrokenStep[]]) {
  const server = await startBrokenServer(script)
  closing.push(() => server.close())
  const [slept, lines]: [number[], string[]] = [[], []]
  let clock = 0
  const plane: ControlPlane = {
    url: new URL(server.url),
    token: () => Promise.resolve('token-canary-1'),
    fetch,
    sleep: (ms) => {
      slept.push(ms)
      clock += ms
      return Promise.resolve()
    },
    now: () => clock,
    log: (line) => { lines.push(line) },
  }
  return { plane, server, slept, lines }
}

describe('submitting', () => {
  it('posts one gzipped body that the contract accepts, with a bearer token and a correlation id', async () => {
    const { plane, server } = await planeWith(answers('queued', 202))
    expect(await submitAnalysis(plane, submission)).toEqual(analysis('queued'))
    const [request] = server.requests
    expect(server.requests).toHaveLength(1)
    expect(request).toMatchObject({ method: 'POST', path: '/v1/analyses', headers: { authorization: 'Bearer token-canary-1', 'content-encoding': 'gzip' } })
    expect(request?.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(submissionSchema.parse(JSON.parse(gunzipSync(request?.body ?? Buffer.alloc(0)).toString('utf8')))).toEqual(submission)
  })

  it('keeps the path prefix of the address', async () => {
    const { plane, server } = await planeWith(answers('queued', 202))
    await submitAnalysis({ ...plane, url: new URL(`${server.url}/autodevops`) }, submission)
    expect(server.requests[0]?.path).toBe('/autodevops/v1/analyses')
  })

  it('tries again after 500 and after 429 as long as Retry-After says', async () => {
    const { plane, server, slept } = await planeWith(internalError, tooMany(7), answers('queued', 202))
    expect((await submitAnalysis(plane, submission)).state).toBe('queued')
    expect(server.requests).toHaveLength(3)
    expect(slept).toEqual([1000, 7000])
  })

  it('does not wait for a Retry-After that is longer than a job should idle', async () => {
    const { plane, server, slept } = await planeWith(tooMany(3600))
    await expect(submitAnalysis(plane, submission)).rejects.toMatchObject({ code: 'CONTROL_PLANE_REFUSED' })
    expect([server.requests.length, slept]).toEqual([1, []])
  })

  it.each<[string, BrokenStep, string, RegExp]>([
    ['500 for ever', internalError, 'CONTROL_PLANE_REFUSED', /answered 500/],
    ['an HTML page with a good status', { kind: 'html', status: 200 }, 'CONTROL_PLANE_ANSWER', /answered 200 with text\/html that is no JSON/],
    ['JSON of something else', { kind: 'json', status: 200, body: { hello: 'world' } }, 'CONTROL_PLANE_ANSWER', /JSON that is no analysis/],
    ['a closed connection', { kind: 'close' }, 'CONTROL_PLANE_UNREACHABLE', /cannot reach the control plane/],
    ['half an answer', { kind: 'half', status: 200, body: analysis('done') }, 'CONTROL_PLANE_UNREACHABLE', /cannot reach the control plane/],
    ['a redirect', { kind: 'json', status: 302, body: {}, headers: { location: 'https://elsewhere.example/' } }, 'CONTROL_PLANE_ANSWER', /redirects; give its final address/],
    ['a problem document', { kind: 'json', status: 403, body: { type: 'about:blank', title: 'Unknown tenant', status: 403, code: 'TENANT_UNKNOWN', requestId: 'r-1' } }, 'CONTROL_PLANE_REFUSED', /answered 403 TENANT_UNKNOWN: Unknown tenant \(request r-1\)/],
  ])('says what went wrong on %s, without the token', async (_title, step, code, message) => {
    const { plane, lines } = await planeWith(step)
    const error: unknown = await submitAnalysis(plane, submission).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string })
    expect(JSON.stringify([error, (error as Error).message, lines])).not.toContain('canary')
  })

  it('gives up on a server that never answers', async () => {
    const { plane } = await planeWith({ kind: 'hang' })
    const impatient: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(50) })
    await expect(submitAnalysis({ ...plane, fetch: impatient }, submission)).rejects.toMatchObject({ code: 'CONTROL_PLANE_UNREACHABLE', message: expect.stringContaining('did not answer in time') as string })
  })

  it('takes an answer that arrives slowly', async () => {
    const { plane } = await planeWith({ kind: 'slow', status: 202, body: analysis('queued'), parts: 4, pauseMs: 20 })
    expect((await submitAnalysis(plane, submission)).state).toBe('queued')
  })
})

describe('waiting', () => {
  it('polls until the analysis ended', async () => {
    const { plane, server } = await planeWith(answers('running'), answers('done'))
    expect((await awaitAnalysis(plane, analysis('queued'), 60)).state).toBe('done')
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/analyses/a1?wait=30', '/v1/analyses/a1?wait=30'])
  })

  it('answers the last known state when the wait is over', async () => {
    const { plane } = await planeWith(answers('running'))
    expect((await awaitAnalysis(plane, analysis('queued'), 3)).state).toBe('running')
  })

  it('asks nothing when there is nothing to wait for', async () => {
    const { plane, server } = await planeWith(internalError)
    expect((await awaitAnalysis(plane, analysis('queued'), 0)).state).toBe('queued')
    expect((await awaitAnalysis(plane, analysis('failed'), 60)).state).toBe('failed')
    expect(server.requests).toEqual([])
  })
})

describe('the limits of a body', () => {
  it('cut paths and say so', () => {
    const paths = Array.from({ length: MAX_PATHS + 5 }, (_, index) => `f${index}`)
    const fitted = fitSubmission({ ...submission, paths, files: [] })
    expect([fitted.paths.length, fitted.truncated]).toEqual([MAX_PATHS, true])
  })

  it('leave out texts that do not fit and keep the body within its bytes', () => {
    const files = Array.from({ length: 30 }, (_, index) => ({ path: `.github/workflows/${index}.yml`, text: 'ü'.repeat(250_000) }))
    const fitted = fitSubmission({ ...submission, files })
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(MAX_BODY_BYTES)
    expect(fitted.files.length).toBeGreaterThan(15)
    expect([fitted.files.length < 30, fitted.truncated]).toEqual([true, true])
  })

  it('leave a small submission as it is', () => {
    expect(fitSubmission(submission)).toEqual(submission)
  })
})
