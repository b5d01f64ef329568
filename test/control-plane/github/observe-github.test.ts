// What is kept of requests to GitHub: a path without its values, and of many tokens the one with the fewest requests left.
import { describe, expect, test } from 'vitest'
import { observeGithub } from '../../../control-plane/github/observe-github.ts'
import { pathTemplate } from '../../../control-plane/github/path-template.ts'
import { createRateLimits, kindOf } from '../../../control-plane/github/rate-limits.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { NO_TRACING } from '../../../control-plane/tracing/tracing.ts'
import { printed, valueOf } from '../operations/printed-metrics.ts'

test.each([
  ['/repos/acme/shop', '/repos/{}/{}'],
  ['/repos/git/tags/pulls/7', '/repos/{}/{}/pulls/{}'],
  ['/repos/acme/shop/git/trees/0123abc', '/repos/{}/{}/git/trees/{}'],
  ['/repos/acme/shop/git/ref/heads%2Ffeature', '/repos/{}/{}/git/ref/{}'],
  ['/repos/acme/shop/git/ref/heads/feature/tags', '/repos/{}/{}/git/ref/heads/{}'],
  ['/repos/acme/shop/contents/src/git/commits/token', '/repos/{}/{}/contents/{}'],
  ['/repos/acme/shop/compare/main...git', '/repos/{}/{}/compare/{}'],
  ['/repos/acme/shop/tags', '/repos/{}/{}/tags'],
  ['/repos/acme/shop/a-path-that-we-do-not-know', '/repos/{}/{}/{}'],
  ['/app/installations/77/access_tokens', '/app/installations/{}/access_tokens'],
  ['/orgs/acme/installation', '/orgs/{}/installation'],
  ['/login/oauth/access_token', '/login/oauth/access_token'],
])('%s is %s', (path, template) => {
  expect(pathTemplate(path)).toBe(template)
})

describe('what is left of the limits', () => {
  const headers = (remaining: string, { reset = '1000', resource = 'core' } = {}) => new Headers({ 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset, 'x-ratelimit-resource': resource })

  test('is that of the token with the fewest, by kind and resource, until its window ends', () => {
    let now = 0
    const limits = createRateLimits({ now: () => now })
    limits.note('token ghs_one', headers('4000'))
    limits.note('token ghs_two', headers('12', { reset: '500' }))
    limits.note('token ghs_two', headers('11', { reset: '500' }))
    limits.note('token ghp_one', headers('3'))
    limits.note('token ghs_one', headers('29', { resource: 'search' }))
    limits.note('token ghs_one', headers('1', { resource: 'something new' }))
    expect(limits.least()).toEqual([
      { token: 'installation', resource: 'core', remaining: 11 }, { token: 'person', resource: 'core', remaining: 3 },
      { token: 'installation', resource: 'search', remaining: 29 }, { token: 'installation', resource: 'other', remaining: 1 },
    ])
    now = 500_000
    expect(limits.least()[0]).toEqual({ token: 'installation', resource: 'core', remaining: 4000 })
  })

  test('is nothing that a host without limits says', () => {
    const limits = createRateLimits({ now: () => 0 })
    limits.note(null, new Headers())
    limits.note(null, headers('many'))
    expect(limits.least()).toEqual([])
  })

  test.each([['Bearer ghs_x', 'installation'], ['token ghp_x', 'person'], ['token github_pat_x', 'person'], ['bearer eyJhbGciOiJSUzI1NiJ9.e.s', 'app'], [null, 'none']] as const)('%s is a token of the kind %s', (authorization, kind) => {
    expect(kindOf(authorization)).toBe(kind)
  })
})

test('refusals by a limit, failures and requests without an answer are told apart; other hosts are not looked at', async () => {
  const metrics = createMetrics()
  const answers: (Response | Error)[] = [
    new Response('', { status: 429, headers: { 'retry-after': '7' } }), new Response('', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }),
    new Response('', { status: 403 }), new Response('', { status: 502 }), new Error('reset'), new Response('an image'),
  ]
  const send: typeof fetch = () => {
    const answer = answers.shift()
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error('nothing left'))
  }
  const observed = observeGithub({ fetch: send, github: { apiUrl: 'https://api.github.test', url: 'https://github.test' }, metrics, tracing: NO_TRACING })
  for (let count = 0; count < 4; count++) await observed('https://api.github.test/repos/acme/shop', { headers: { authorization: 'token ghs_x' } })
  await expect(observed(new Request('https://api.github.test/meta'))).rejects.toThrow('reset')
  await observed('https://registry.test/repos/acme/shop')
  const samples = await printed(metrics)
  const count = (status: string) => valueOf(samples, 'github_request_seconds_count', { status })
  expect([count('2xx'), count('4xx'), count('5xx'), count('none')]).toEqual([null, 3, 1, 1])
  expect(valueOf(samples, 'github_rate_limited_total', { token: 'installation' })).toBe(2)
})
