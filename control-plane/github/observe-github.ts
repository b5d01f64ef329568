// How GitHub is reached, with an eye on it: every request that is really sent is counted, timed, and a span under the work that sent it.
// Requests to other hosts (image registries) go through unseen.
import type { Metrics } from '../operations/metrics.ts'
import { inSpan, type Span, type Tracing } from '../tracing/tracing.ts'
import { pathTemplate } from './path-template.ts'
import { createRateLimits, kindOf, type TokenKind } from './rate-limits.ts'

interface Parts {
  readonly fetch: typeof fetch
  readonly github: { readonly apiUrl: string; readonly url: string }
  readonly metrics: Pick<Metrics, 'lookUp' | 'githubRequestSeconds' | 'githubRateLimited' | 'githubRateLimitRemaining'>
  readonly tracing: Pick<Tracing, 'begin'>
}

export function observeGithub(parts: Parts): typeof fetch {
  const { fetch: send, github, metrics, tracing } = parts
  const limits = createRateLimits({ now: Date.now })
  metrics.lookUp({
    look: () => {
      metrics.githubRateLimitRemaining.reset()
      for (const { token, resource, remaining } of limits.least()) metrics.githubRateLimitRemaining.set({ token, resource }, remaining)
      return Promise.resolve()
    },
    clear: () => { metrics.githubRateLimitRemaining.reset() },
  })
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const base = [github.apiUrl, github.url].find((each) => url.href.startsWith(`${each}/`))
    if (base === undefined) return send(input, init)
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    const authorization = headers.get('authorization')
    const token = kindOf(authorization)
    const template = pathTemplate(url.href.slice(base.length).replace(/[?#].*$/, ''))
    const attributes = { 'http.request.method': method, 'server.address': url.hostname, 'url.template': template, 'autodevops.github.token': token }
    return inSpan(tracing, { name: `${method} ${template}`, kind: 'client', attributes }, async (span) => {
      const response = await timed(metrics, token, () => send(input, init))
      limits.note(authorization, response.headers)
      describe(span, response)
      if (isLimited(response)) metrics.githubRateLimited.inc({ token })
      return response
    })
  }
}

async function timed({ githubRequestSeconds }: Parts['metrics'], token: TokenKind, work: () => Promise<Response>): Promise<Response> {
  const started = performance.now()
  let status = 'none'
  try {
    const response = await work()
    status = `${Math.floor(response.status / 100)}xx`
    return response
  } finally {
    githubRequestSeconds.observe({ token, status }, (performance.now() - started) / 1000)
  }
}

function describe(span: Span, { status }: Response): void {
  span.set({ 'http.response.status_code': status })
  if (status >= 400) span.set({ 'error.type': String(status) })
}

const isLimited = ({ status, headers }: Response): boolean =>
  (status === 403 || status === 429) && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0')
