import { afterEach, expect, test } from 'vitest'
import { internalError, startBrokenServer, tooMany, type BrokenStep } from './start-broken-server.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => { await Promise.all(running.splice(0).map((server) => server.close())) })

async function start(...script: [BrokenStep, ...BrokenStep[]]) {
  const server = await startBrokenServer(script)
  running.push(server)
  return server
}

test('plays one step for each request, and the last for all that follow', async () => {
  const { url, requests } = await start(internalError, tooMany(2), { kind: 'json', status: 202, body: { ok: true } })
  const answers = [await fetch(url), await fetch(url), await fetch(url, { method: 'POST', body: 'x' }), await fetch(url)]
  expect(answers.map(({ status }) => status)).toEqual([500, 429, 202, 202])
  expect(answers[1]?.headers.get('retry-after')).toBe('2')
  expect(requests[2]).toMatchObject({ method: 'POST', body: Buffer.from('x') })
})

test('answers with a web page', async () => {
  const answer = await fetch((await start({ kind: 'html', status: 200 })).url)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html'])
})

test('closes without a byte', async () => {
  await expect(fetch((await start({ kind: 'close' })).url)).rejects.toThrow('fetch failed')
})

test('hangs, and can be closed all the same', async () => {
  const { url } = await start({ kind: 'hang' })
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
})

test('sends a head and half a body', async () => {
  const answer = await fetch((await start({ kind: 'half', status: 200, body: { text: 'x'.repeat(100) } })).url)
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow('terminated')
})

test('sends a whole body in pieces', async () => {
  const answer = await fetch((await start({ kind: 'slow', status: 200, body: { text: 'slow' }, parts: 4, pauseMs: 5 })).url)
  expect(await answer.json()).toEqual({ text: 'slow' })
})
