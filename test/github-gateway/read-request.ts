// Turns what came over the wire into a GatewayRequest: whole body (gzip as sent by nobody who speaks to GitHub is left out), the
// token's identity, and the path that both hosts share.
import type { IncomingMessage } from 'node:http'
import { splitRepositoryPath, type GatewayRequest } from './gateway-request.ts'
import type { IssuedToken } from './tokens.ts'

const ENTERPRISE_PREFIX = '/api/v3'

interface Reading {
  readonly enterprise: boolean
  readonly tokens: { identify(authorization: string | undefined): IssuedToken | 'unknown' | null }
}

export async function readRequest(incoming: IncomingMessage, { enterprise, tokens }: Reading): Promise<GatewayRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const url = new URL(incoming.url ?? '/', 'http://gateway')
  const path = enterprise ? enterprisePath(url.pathname) : url.pathname
  return {
    method: incoming.method ?? 'GET',
    path,
    query: url.searchParams,
    headers: incoming.headers,
    body,
    json: parsed(body),
    token: tokens.identify(incoming.headers.authorization),
    ...splitRepositoryPath(path),
  }
}

/** Outside of /api/v3 an enterprise server has its web pages, and no `/repos`. */
function enterprisePath(path: string): string {
  if (path.startsWith(`${ENTERPRISE_PREFIX}/`)) return path.slice(ENTERPRISE_PREFIX.length)
  if (path === '/api/graphql') return '/graphql'
  return `/web${path}`
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
