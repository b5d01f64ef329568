// One request to the control plane: who asks, where a token may go, and what of an answer may be repeated.
import { ActionError } from './action-error.ts'

export interface ControlPlane {
  readonly url: URL
  /** A fresh bearer token for each request series: identity tokens live for minutes only. */
  readonly token: () => Promise<string>
  readonly fetch: typeof fetch
  readonly sleep: (ms: number) => Promise<void>
  readonly now: () => number
  readonly log: (line: string) => void
}

export interface PlaneRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  readonly timeoutMs: number
}

export type PlaneAnswer = { readonly response: Response; readonly text: string } | { readonly error: ActionError }

/** `route` is relative to the plane's address. Any status is an answer; CONTROL_PLANE_UNREACHABLE is the only error. */
export async function send(plane: ControlPlane, route: string, { method, headers, body, timeoutMs }: PlaneRequest): Promise<PlaneAnswer> {
  const base = plane.url.href.endsWith('/') ? plane.url.href : `${plane.url.href}/`
  const token = await plane.token()
  try {
    const response = await plane.fetch(new URL(route, base), {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, accept: 'application/json' },
      ...(body ? { body } : {}),
      // A redirect would carry the token to an address that nobody configured.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    // An answer may repeat the token, and its words go to logs and summaries.
    return { response, text: (await response.text()).replaceAll(token, '[secret]') }
  } catch (error) {
    return { error: unreachable(plane, error) }
  }
}

function unreachable(plane: ControlPlane, error: unknown): ActionError {
  const timedOut = error instanceof Error && error.name === 'TimeoutError'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
  const reason = timedOut ? 'it did not answer in time' : cause || 'the connection failed'
  return new ActionError('CONTROL_PLANE_UNREACHABLE', `cannot reach the control plane at ${plane.url.origin}: ${reason}`, error)
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
