// An HTTP server that answers by script, one step for each request and the last one for all that follow: for what callers do when
// the other side fails, is slow, is cut off in the middle, or is not what they expect at all.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type BrokenStep =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'html'; readonly status: number }
  /** Closes the connection without a byte. */
  | { readonly kind: 'close' }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Sends the whole answer, the head at once and the body in `parts` pieces with `pauseMs` between them. */
  | { readonly kind: 'slow'; readonly status: number; readonly body: unknown; readonly parts: number; readonly pauseMs: number }
  /** Announces the whole body and closes after half of it. */
  | { readonly kind: 'half'; readonly status: number; readonly body: unknown }

interface BrokenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export const internalError: BrokenStep = { kind: 'json', status: 500, body: { message: 'Internal Server Error' } }

export function tooMany(retryAfterSeconds: number): BrokenStep {
  return { kind: 'json', status: 429, body: { message: 'Too Many Requests' }, headers: { 'retry-after': String(retryAfterSeconds) } }
}

export async function startBrokenServer(script: readonly [BrokenStep, ...BrokenStep[]]) {
  const requests: BrokenRequest[] = []
  const server = createServer((request, response) => void handle(request, response))

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
    play(script[Math.min(requests.length, script.length) - 1] ?? script[0], response)
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What arrived, in order. */
    requests,
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function play(step: BrokenStep, response: ServerResponse): void {
  if (step.kind === 'hang') return
  if (step.kind === 'close') return void response.destroy()
  if (step.kind === 'html') {
    const page = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'
    response.writeHead(step.status, { 'content-type': 'text/html' }).end(page)
    return
  }
  const body = Buffer.from(JSON.stringify(step.body))
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length), ...(step.kind === 'json' ? step.headers : {}) }
  response.writeHead(step.status, headers)
  if (step.kind === 'json') response.end(body)
  else if (step.kind === 'half') response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
  else trickle(response, body, step)
}

function trickle(response: ServerResponse, body: Buffer, { parts, pauseMs }: { parts: number; pauseMs: number }): void {
  response.flushHeaders()
  const size = Math.max(1, Math.ceil(body.length / parts))
  const send = (start: number) => {
    if (response.destroyed) return
    if (start >= body.length) return void response.end()
    response.write(body.subarray(start, start + size))
    setTimeout(send, pauseMs, start + size)
  }
  send(0)
}
