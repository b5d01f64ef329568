import { GoogleGenerativeAI } from '@google/generative-ai'
import { afterEach, expect, test } from 'vitest'
import { startModelServer, type ModelScript, type ModelServer } from './start-model-server.ts'

const running: ModelServer[] = []
afterEach(async () => { await Promise.all(running.splice(0).map((server) => server.close())) })

async function start(script: ModelScript): Promise<ModelServer> {
  const server = await startModelServer(script)
  running.push(server)
  return server
}

const chat = (server: ModelServer, changes: object = {}) => fetch(`${server.baseUrl.openai}/chat/completions`, {
  method: 'POST', body: JSON.stringify({ model: 'm', messages: [{ role: 'system', content: 'be brief' }, { role: 'user', content: 'hello' }], ...changes }),
})

test('streams to an SDK what it answers it at once', async () => {
  const server = await start([{ kind: 'answer', text: 'one two three' }])
  const model = new GoogleGenerativeAI('key').getGenerativeModel({ model: 'g' }, { baseUrl: server.baseUrl.gemini })
  const { stream } = await model.generateContentStream('hello')
  const texts: string[] = []
  for await (const chunk of stream) texts.push(...(chunk.candidates ?? []).flatMap(({ content }) => content.parts.slice(1).map(({ text }) => text ?? '')))
  expect(texts.length).toBe(2)
  expect(texts.join('')).toBe('one two three')
  expect(server.requests.map(({ model: asked, streams, user }) => [asked, streams, user])).toEqual([['g', true, 'hello']])
})

test('keeps what was asked on every wire', async () => {
  const server = await start([{ kind: 'answer', text: '{}' }])
  await chat(server)
  await fetch(`${server.baseUrl.anthropic}/v1/messages`, { method: 'POST', body: JSON.stringify({ model: 'c', system: 'be brief', messages: [{ role: 'user', content: 'hello' }] }) })
  expect(server.requests.map(({ wire, model, system, user }) => [wire, model, system, user])).toEqual([['openai', 'm', 'be brief', 'hello'], ['anthropic', 'c', 'be brief', 'hello']])
})

test('plays one step for each request and the last for all that follow', async () => {
  const server = await start([{ kind: 'refuse', status: 429, retryAfterSeconds: 7 }, { kind: 'half' }, { kind: 'answer', text: 'x' }])
  const first = await chat(server)
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7'])
  await expect((await chat(server)).json()).rejects.toThrow(SyntaxError)
  expect([(await chat(server)).status, (await chat(server)).status]).toEqual([200, 200])
})

test('breaks off a stream in its middle', async () => {
  const server = await start([{ kind: 'reset', when: 'mid-answer' }])
  await expect(chat(server, { stream: true }).then((answer) => answer.text())).rejects.toThrow('terminated')
})
