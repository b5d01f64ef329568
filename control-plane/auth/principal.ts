// Who is asking, after verification. Everything here is proved: nothing comes from the request's body.
import type { Role } from './roles.ts'

export const SCOPES = ['analyses:write', 'analyses:read', 'audit:read', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export interface ApiKeyPrincipal {
  readonly kind: 'api-key'
  readonly tenantId: string
  readonly keyId: string
  readonly scopes: readonly Scope[]
}

/** A person who has signed in with GitHub. */
export interface SessionPrincipal {
  readonly kind: 'session'
  readonly tenantId: string
  readonly sessionId: string
  /** GitHub's numeric id of the person, as text. */
  readonly userId: string
  /** For people only: a login can be given to somebody else. */
  readonly login: string
  /** As it is now in the organisation, not as it was at sign-in. */
  readonly role: Role
  /** When the session ends for good. */
  readonly expiresAt: Date
}

/** A GitHub Actions run. Ids are the identity; names are for people. */
export interface OidcPrincipal {
  readonly kind: 'oidc'
  readonly tenantId: string
  readonly repository: { readonly id: string; readonly fullName: string; readonly ownerId: string }
  /** `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string
  /** The commit that the run was started for: the merge commit when `eventName` is `pull_request`. */
  readonly sha: string
  /** Branch names of a pull request, null otherwise. */
  readonly headRef: string | null
  readonly baseRef: string | null
  readonly eventName: string
  readonly runId: string
}

export type Principal = ApiKeyPrincipal | SessionPrincipal | OidcPrincipal

/** One word for audit entries and rate limits: `api-key:KEYID`, `user:USERID` or `oidc:REPOSITORYID`. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'api-key': return `api-key:${principal.keyId}`
    case 'session': return `user:${principal.userId}`
    case 'oidc': return `oidc:${principal.repository.id}`
  }
}

/** The role that a principal has among people: a key of the scope `admin` acts as an admin, other keys and runs as nobody. */
export function roleOf(principal: Principal): Role | null {
  if (principal.kind === 'session') return principal.role
  return principal.kind === 'api-key' && principal.scopes.includes('admin') ? 'admin' : null
}

/** Who changed something, for the audit log. */
export interface By {
  readonly actor: string
  readonly correlationId: string | null
}
