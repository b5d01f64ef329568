// What GitHub's headers say is left, of every token that this process used; printed is the least of each kind, so that nobody's token
// has a name. Tokens are kept as hashes, and only until their window ends.
import { createHash } from 'node:crypto'

export type TokenKind = 'installation' | 'app' | 'person' | 'none'

export interface RateLimits {
  note(authorization: string | null, headers: Headers): void
  /** Of windows that have not ended. */
  least(): { readonly token: TokenKind; readonly resource: string; readonly remaining: number }[]
}

interface Noted {
  readonly token: TokenKind
  readonly resource: string
  readonly remaining: number
  readonly endsAtMs: number
}

const RESOURCES = ['core', 'search', 'code_search', 'graphql', 'integration_manifest']
/** More tokens than a process serves in an hour. */
const MOST = 10_000

export function createRateLimits({ now }: { readonly now: () => number }): RateLimits {
  const noted = new Map<string, Noted>()
  const dropEnded = (): void => {
    for (const [key, { endsAtMs }] of noted) if (endsAtMs <= now()) noted.delete(key)
  }
  return {
    note: (authorization, headers) => {
      const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN)
      const endsAtMs = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000
      if (!Number.isFinite(remaining) || !Number.isFinite(endsAtMs)) return
      const said = headers.get('x-ratelimit-resource') ?? 'core'
      const resource = RESOURCES.includes(said) ? said : 'other'
      const key = createHash('sha256').update(`${resource} ${authorization ?? ''}`).digest('base64')
      if (noted.size >= MOST) dropEnded()
      if (noted.size < MOST || noted.has(key)) noted.set(key, { token: kindOf(authorization), resource, remaining, endsAtMs })
    },
    least: () => {
      dropEnded()
      const least = new Map<string, Noted>()
      for (const each of noted.values()) {
        const key = `${each.token} ${each.resource}`
        const before = least.get(key)
        if (before === undefined || each.remaining < before.remaining) least.set(key, each)
      }
      return [...least.values()].map(({ token, resource, remaining }) => ({ token, resource, remaining }))
    },
  }
}

/** By the prefixes that GitHub gives its tokens; an App signs for itself with a JWT. */
export function kindOf(authorization: string | null): TokenKind {
  const token = authorization?.replace(/^\w+ +/, '') ?? ''
  if (token === '') return 'none'
  if (token.startsWith('ghs_')) return 'installation'
  return token.startsWith('eyJ') ? 'app' : 'person'
}
