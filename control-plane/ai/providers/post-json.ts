// One POST to a provider that speaks plain HTTP: JSON out, JSON in, no more of it than an answer may have. A redirect is refused,
// because it would carry the key to an address that nobody configured.
import { ModelFailure } from '../model-failure.ts'
import type { ModelFailureOptions } from '../model-failure.ts'
import { MAX_ANSWER_CHARACTERS } from './provider.ts'

export interface Posted {
  readonly status: number
  readonly headers: Headers
  /** Undefined for a body that is no JSON. */
  readonly body: unknown
}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly signal: AbortSignal
}

/** Throws MODEL_RESET for a connection that fails or breaks, MODEL_ANSWER_TOO_LARGE. */
export async function postJson({ url, headers, body, signal }: Post, at: ModelFailureOptions): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST', redirect: 'error', signal, headers: { 'content-type': 'application/json', accept: 'application/json', ...headers }, body: JSON.stringify(body),
    })
    return { status: response.status, headers: response.headers, body: parse(await readText(response, at)) }
  } catch (error) {
    throw error instanceof ModelFailure ? error : new ModelFailure('MODEL_RESET', { ...at, said: causeOf(error) })
  }
}

async function readText(response: Response, at: ModelFailureOptions): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > MAX_ANSWER_CHARACTERS) throw new ModelFailure('MODEL_ANSWER_TOO_LARGE', at)
  }
  return text + decoder.decode()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const causeOf = (error: unknown): string => (error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error))
