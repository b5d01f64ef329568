// One request as the gateway's parts see it, and the answer they build. The path never carries the `/api/v3` of an enterprise
// server, and the token's value is replaced by what was issued under it.
import type { IncomingHttpHeaders } from 'node:http'
import type { IssuedToken } from './tokens.ts'

export interface GatewayRequest {
  readonly method: string
  /** Without query and without `/api/v3`, percent-encoding kept. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The parsed body, or undefined when there is none or it is not JSON. */
  readonly json: unknown
  /** null: anonymous; 'unknown': a token that was never issued, or was revoked. */
  readonly token: IssuedToken | 'unknown' | null
  /** What `/repos/OWNER/NAME` names, as written by the caller. */
  readonly repository: { readonly owner: string; readonly name: string } | null
  /** The path after `/repos/OWNER/NAME/`, percent-decoded; '' for the repository itself. */
  readonly rest: string
}

export interface GatewayAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const DOCUMENTATION = 'https://docs.github.com/rest'

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): GatewayAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: Buffer.from(JSON.stringify(value)) }
}

/** A refusal in GitHub's form: message, documentation_url and the status as text. */
export function refusal(status: number, message: string, more: { errors?: readonly object[]; headers?: Record<string, string> } = {}): GatewayAnswer {
  const errors = more.errors ? { errors: more.errors } : {}
  return jsonAnswer(status, { message, ...errors, documentation_url: DOCUMENTATION, status: String(status) }, more.headers)
}

/** Reads a body's field; undefined when the body is not an object. */
export function field(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined
}

/** A body's field as text; '' when it is not a string. */
export function textField(json: unknown, name: string): string {
  const value = field(json, name)
  return typeof value === 'string' ? value : ''
}

export function splitRepositoryPath(path: string): { repository: GatewayRequest['repository']; rest: string } {
  const match = /^\/repos\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(path)
  if (!match) return { repository: null, rest: '' }
  const [, owner = '', name = '', rest = ''] = match
  return { repository: { owner: decode(owner), name: decode(name) }, rest: decode(rest) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
