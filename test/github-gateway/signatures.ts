// GitHub signs a commit that an app makes without naming an author or a committer, and commits it in its own name.
// Any other commit through the API stays unsigned.
import { field, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import { APP_BOT } from './tokens.ts'

const GITHUB = { name: 'GitHub', email: 'noreply@github.com' }
const AUTHOR = { name: APP_BOT, email: `${APP_BOT}@users.noreply.github.com` }

export function createSignatures() {
  const signed = new Set<string>()
  return {
    /** The body to hand on. */
    bodyOf(request: GatewayRequest): Buffer {
      if (!isSignedByGithub(request)) return request.body
      return Buffer.from(JSON.stringify({ ...(request.json as object), committer: GITHUB, author: AUTHOR }))
    },
    note(request: GatewayRequest, answer: GatewayAnswer): void {
      if (answer.status !== 201 || !isSignedByGithub(request)) return
      signed.add((JSON.parse(answer.body.toString('utf8')) as { sha: string }).sha)
    },
    has: (sha: unknown): boolean => typeof sha === 'string' && signed.has(sha),
  }
}

function isSignedByGithub(request: GatewayRequest): boolean {
  const { method, rest, token, json } = request
  if (method !== 'POST' || rest !== 'git/commits' || token === null || token === 'unknown' || token.actor !== APP_BOT) return false
  return field(json, 'author') === undefined && field(json, 'committer') === undefined && typeof json === 'object' && json !== null
}
