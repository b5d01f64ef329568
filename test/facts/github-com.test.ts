// What goes to github.com itself, seen at the network's edge: nothing but the questions, with the token in one header only.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createGithubCodeHost } from '../../facts/github-code-host.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const seen: Request[] = []
const server = setupServer()

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' })
  server.events.on('request:start', ({ request }) => { seen.push(request) })
})
afterEach(() => {
  server.resetHandlers()
  seen.length = 0
})
afterAll(() => { server.close() })

const ask = (token?: string) =>
  createGithubCodeHost({ apiUrl: 'https://api.github.com', ...(token === undefined ? {} : { token }), sleep: () => Promise.resolve() }).ask({ kind: 'ref', repository: 'actions/checkout', ref: 'v7' }, null)

describe('questions to github.com', () => {
  it('ask for the tag first and carry the token as authorization only', async () => {
    server.use(
      http.get('https://api.github.com/repos/actions/checkout/git/ref/tags/v7', () => HttpResponse.json({ ref: 'refs/tags/v7', object: { type: 'commit', sha: COMMIT } })),
      http.get('https://api.github.com/repos/actions/checkout', () => HttpResponse.json({ private: false, visibility: 'public' })),
    )
    const { answer } = await ask('github_pat_canary')
    expect(answer).toEqual({ status: 'known', value: { commit: COMMIT, type: 'tag' } })
    for (const request of seen) {
      expect(request.headers.get('authorization')).toBe('Bearer github_pat_canary')
      expect(request.url).not.toContain('canary')
    }
  })

  it('answer with a reason, and no token in it, when the network is down', async () => {
    server.use(http.get('https://api.github.com/*', () => HttpResponse.error()))
    const { answer } = await ask('github_pat_canary')
    expect(answer).toMatchObject({ status: 'unknown' })
    expect(JSON.stringify(answer)).not.toContain('canary')
  })
})
