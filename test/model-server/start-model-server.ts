// A model server that answers by script: it speaks Gemini's, Anthropic's and OpenAI's wire on one port, and no model runs behind it.
// Answers, refusals, delays, connections that break and answers that end half-way come as the script says; every request is kept.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WIRES, type Answer, type Asked, type Refusal, type WireName } from './model-wire.ts'

export type ModelStep =
  | ({ readonly kind: 'answer'; readonly delayMs?: number } & Partial<Answer>)
  | ({ readonly kind: 'refuse'; readonly status: number } & Partial<Refusal>)
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Breaks the connection: before a byte, or in the middle of the answer. */
  | { readonly kind: 'reset'; readonly when: 'at once' | 'mid-answer' }
  /** A whole body that holds half of the answer's JSON. */
  | { readonly kind: 'half' }
  /** A body of one's own. */
  | { readonly kind: 'raw'; readonly status: number; readonly body: string }

export interface LoggedRequest extends Asked {
  readonly wire: WireName
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** One step for each request and the last for all that follow, or a function of the request. */
export type ModelScript = readonly [ModelStep, ...ModelStep[]] | ((request: LoggedRequest, number: number) => ModelStep)

export interface ModelServer {
  /** Base addresses as the service's settings take them. */
  readonly baseUrl: Readonly<Record<WireName, string>>
  /** What arrived, in order. */
  readonly requests: LoggedRequest[]
  /** Starts counting steps anew. */
  script(next: ModelScript): void
  close(): Promise<void>
}

export async function startModelServer(first: ModelScript): Promise<ModelServer> {
  const requests: LoggedRequest[] = []
  let script = first
  let number = 0
  const server = createServer((request, response) => void handle(request, response))

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url ?? ''
    const wire = (Object.keys(WIRES) as WireName[]).find((name) => WIRES[name].path.test(path))
    if (wire === undefined) return void response.writeHead(404).end()
    const body = Buffer.concat(chunks).toString('utf8')
    const asked = WIRES[wire].read(path, JSON.parse(body) as Record<string, never>)
    const logged = { ...asked, wire, path, headers: request.headers, body }
    requests.push(logged)
    const step = typeof script === 'function' ? script(logged, number) : (script[Math.min(number, script.length - 1)] ?? script[0])
    number++
    play(step, logged, response)
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    baseUrl: { gemini: origin, anthropic: origin, openai: `${origin}/v1` },
    requests,
    script: (next) => {
      script = next
      number = 0
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function play(step: ModelStep, asked: LoggedRequest, response: ServerResponse): void {
  if (step.kind === 'hang') return
  if (step.kind === 'reset' && step.when === 'at once') return void response.destroy()
  if (step.kind === 'raw') return void response.writeHead(step.status, { 'content-type': 'application/json' }).end(step.body)
  const wire = WIRES[asked.wire]
  if (step.kind === 'refuse') {
    const { status, message = 'refused by the script', reason = 'scripted', retryAfterSeconds = null, quota = null } = step
    // Gemini's wait stands in the body, the others' in the header.
    const headers = retryAfterSeconds === null || asked.wire === 'gemini' ? {} : { 'retry-after': String(retryAfterSeconds) }
    return void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(wire.refuse({ status, message, reason, retryAfterSeconds, quota })))
  }
  const answer = answerOf(step, asked)
  if (asked.streams) return stream(step, wire.stream(answer), response)
  const body = Buffer.from(JSON.stringify(wire.answer(answer)))
  if (step.kind === 'half') return void response.writeHead(200, { 'content-type': 'application/json' }).end(body.subarray(0, body.length >> 1))
  const send = () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) })
    if (step.kind === 'reset') response.write(body.subarray(0, body.length >> 1), () => response.destroy())
    else response.end(body)
  }
  if (step.kind === 'answer' && step.delayMs !== undefined) setTimeout(send, step.delayMs)
  else send()
}

/** Tokens by a rule of thumb, so that bills differ with what is asked. */
function answerOf(step: ModelStep, { model, system, user }: Asked): Answer {
  const given: Partial<Answer> = step.kind === 'answer' ? step : {}
  const { text = '{}', finish = 'stop', ...rest } = given
  return { model: rest.model ?? model, text, finish, inputTokens: rest.inputTokens ?? Math.ceil((system.length + user.length) / 4), outputTokens: rest.outputTokens ?? Math.ceil(text.length / 4) + 1 }
}

function stream(step: ModelStep, events: readonly unknown[], response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`)
  const isWhole = step.kind === 'answer'
  const sent = isWhole ? lines : lines.slice(0, 1)
  response.write(sent.join(''), () => {
    if (step.kind === 'reset') response.destroy()
    else response.end()
  })
}
