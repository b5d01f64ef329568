// Whose request it is, while pacing decides when it goes.
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createGithubClient } from '../../pull-request/client.ts'

/** As many requests of one pace as the client sends at once. */
const AT_ONCE = 10

test('a request that waits for the end of another one still belongs to who made it', async () => {
  const makers = new AsyncLocalStorage<string>()
  const seen: string[] = []
  const gate = new EventTarget()
  const answer: typeof fetch = async (url) => {
    const path = new URL(url instanceof Request ? url.url : url).pathname
    seen.push(`${path} by ${makers.getStore() ?? 'nobody'}`)
    if (path === '/early') await once(gate, 'open')
    return Response.json({})
  }
  const settings = { apiUrl: 'https://github.test', userAgent: 'test', requestTimeoutMs: 10_000, pace: true, fetch: answer }
  const send = (maker: string) => makers.run(maker, () => createGithubClient(settings, { token: 't', paceId: 'client-context' }).request(`GET /${maker}`))
  const all = [...Array.from({ length: AT_ONCE }, () => send('early')), send('late')]
  await expect.poll(() => seen).toHaveLength(AT_ONCE)
  gate.dispatchEvent(new Event('open'))
  await Promise.all(all)
  expect(new Set(seen)).toEqual(new Set(['/early by early', '/late by late']))
})
