// Conditional requests: every successful GET carries an ETag of its body and of the token, as GitHub's are no other token's, and a GET
// that names it gets 304 without a body.
import { createHash } from 'node:crypto'
import type { GatewayAnswer, GatewayRequest } from './gateway-request.ts'

export function withEtag(request: GatewayRequest, answer: GatewayAnswer): GatewayAnswer {
  if (request.method !== 'GET' || answer.status !== 200) return answer
  const etag = `W/"${createHash('sha256').update(request.headers.authorization ?? '').update(answer.body).digest('hex')}"`
  const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60', vary: 'Accept, Authorization' }
  const known = request.headers['if-none-match']?.split(',').map((value) => bare(value)) ?? []
  if (!known.includes(bare(etag))) return { ...answer, headers }
  return { status: 304, headers: { etag }, body: Buffer.alloc(0) }
}

/** Weak and strong compare alike, as RFC 9110 has it for If-None-Match. */
function bare(etag: string): string {
  return etag.trim().replace(/^W\//, '')
}
