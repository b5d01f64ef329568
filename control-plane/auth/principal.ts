// Who is asking, after verification. Everything here is proved: nothing comes from the request's body.

export const SCOPES = ['analyses:write', 'analyses:read', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export interface ApiKeyPrincipal {
  readonly kind: 'api-key'
  readonly tenantId: string
  readonly keyId: string
  readonly scopes: readonly Scope[]
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

export type Principal = ApiKeyPrincipal | OidcPrincipal

/** One word for audit entries and rate limits: `api-key:KEYID` or `oidc:REPOSITORYID`. */
export const actorOf = (principal: Principal): string =>
  principal.kind === 'api-key' ? `api-key:${principal.keyId}` : `oidc:${principal.repository.id}`
