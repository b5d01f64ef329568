// What goes wrong on demand: a test says when and how, and how often. A fault answers instead of GitHub; a cut-off lets GitHub do
// the work and loses half of the answer, which is the case that makes callers do things twice.
import type { ServerResponse } from 'node:http'
import type { GatewayAnswer, GatewayRequest } from './gateway-request.ts'

export type FaultResponse =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly kind: 'html'; readonly status?: number }
  /** Never answers; the connection stays open until the caller or the gateway closes it. */
  | { readonly kind: 'hang' }
  /** Closes the connection without a byte, and without doing anything. */
  | { readonly kind: 'close' }
  /** Does the work, then sends half of the answer and closes. */
  | { readonly kind: 'cut-off' }
  /** Does the work, and answers after a while. */
  | { readonly kind: 'slow'; readonly delayMs: number }

export interface Fault {
  readonly when: (request: GatewayRequest) => boolean
  readonly respond: FaultResponse
  /** How many requests it answers; absent: every one until it is removed. */
  readonly times?: number
}

/** Runs something of the test's between two requests, as a person or a process would, and lets the request go on. */
export interface Interruption {
  readonly when: (request: GatewayRequest) => boolean
  readonly run: () => Promise<void> | void
  readonly times?: number
}

const HTML = '<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body><p>We had issues producing the response.</p></body></html>\n'

export function createFaults() {
  const faults: { fault: Fault; left: number }[] = []
  const interruptions: { interruption: Interruption; left: number }[] = []
  return {
    /** Returns a function that removes it. */
    add(fault: Fault): () => void {
      const entry = { fault, left: fault.times ?? Infinity }
      faults.push(entry)
      return () => { entry.left = 0 }
    },
    interrupt(interruption: Interruption): void {
      interruptions.push({ interruption, left: interruption.times ?? 1 })
    },
    async runInterruptions(request: GatewayRequest): Promise<void> {
      for (const entry of interruptions) {
        if (entry.left <= 0 || !entry.interruption.when(request)) continue
        entry.left -= 1
        await entry.interruption.run()
      }
    },
    take(request: GatewayRequest): FaultResponse | null {
      const entry = faults.find(({ fault, left }) => left > 0 && fault.when(request))
      if (!entry) return null
      entry.left -= 1
      return entry.fault.respond
    },
    clear(): void {
      faults.length = 0
      interruptions.length = 0
    },
  }
}

/** The answer of a fault that needs no work by GitHub; null for those that do, or that give none. */
export function faultAnswer(fault: FaultResponse): GatewayAnswer | null {
  if (fault.kind === 'html') return { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(HTML) }
  if (fault.kind !== 'status') return null
  const body = fault.body ?? { message: 'Server Error' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status: fault.status, headers: { 'content-type': 'application/json; charset=utf-8', ...fault.headers }, body: Buffer.from(text) }
}

/** Announces the whole body, sends half of it, and closes. */
export function sendHalf(response: ServerResponse, answer: GatewayAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Math.max(answer.body.length, 2)) })
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.destroy())
}
