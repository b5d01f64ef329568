// A tenant's GitHub token: the stored one, encrypted, else one of its installation of the App. Given out only inside a Secret.
// What re-encrypts stored ones when keys rotate is rotate-keys.ts.
import type { AuditStore } from '../audit/audit-store.ts'
import type { By } from '../auth/principal.ts'
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { Cipher } from './cipher.ts'
import type { CredentialRecord, CredentialsStore } from './credentials-store.ts'
import type { GithubApp } from './github-app.ts'
import type { RevokeGithubToken } from './revoke-github-token.ts'

type TokenKind = 'personal-access-token' | 'fine-grained-token' | 'app-token' | 'oauth-token' | 'unknown'

export interface CredentialsService {
  /** Replaces the token that was stored before, which stays valid at GitHub. */
  storeGitHubToken(tenantId: string, token: Secret, by: By): Promise<void>
  describeGitHubToken(tenantId: string): Promise<{ readonly kind: TokenKind; readonly storedAt: Date; readonly storedBy: string } | null>
  /** Removes it here, whatever GitHub says; whether GitHub has confirmed that it is revoked. Throws GITHUB_TOKEN_MISSING. */
  removeGitHubToken(tenantId: string, by: By): Promise<boolean>
  /** Null when the service has no App. */
  isAppInstalled(tenantId: string): Promise<boolean | null>
  /** The stored one, else the App's. Throws GITHUB_TOKEN_MISSING, ENCRYPTION_KEY_UNKNOWN, SECRET_DAMAGED, or what the App's failing is called. */
  revealGitHubToken(tenantId: string): Promise<Secret>
  /** After GitHub has rejected it: an installation's token is asked for anew the next time. */
  forgetGitHubToken(tenantId: string): void
}

const GITHUB_TOKEN = 'github-token'
const KINDS: readonly (readonly [RegExp, TokenKind])[] = [
  [/^github_pat_/, 'fine-grained-token'], [/^ghp_/, 'personal-access-token'], [/^gh[su]_/, 'app-token'], [/^gho_/, 'oauth-token'],
]

interface Parts {
  readonly store: CredentialsStore
  readonly cipher: Cipher
  readonly audit: AuditStore
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly app: GithubApp | null
  readonly revoke: RevokeGithubToken
}

export function createCredentialsService(parts: Parts): CredentialsService {
  const { store, cipher, audit, app } = parts
  return {
    storeGitHubToken: async (tenantId, token, { actor, correlationId }) => {
      const before = await store.for(tenantId).get(GITHUB_TOKEN)
      const kind = kindOf(token)
      await store.for(tenantId).put(GITHUB_TOKEN, { ciphertext: cipher.encrypt(token, { tenantId, purpose: GITHUB_TOKEN }), kind, storedBy: actor })
      await audit.for(tenantId).append({ actor, action: 'github-token.stored', subject: GITHUB_TOKEN, details: {}, before: before && auditedOf(before), after: { kind }, correlationId })
    },
    describeGitHubToken: async (tenantId) => {
      const found = await store.for(tenantId).get(GITHUB_TOKEN)
      return found && { kind: kindNamed(found.kind), storedAt: found.storedAt ?? found.changedAt, storedBy: found.storedBy ?? 'operator' }
    },
    removeGitHubToken: (tenantId, by) => remove(parts, tenantId, by),
    isAppInstalled: async (tenantId) => (app === null ? null : (await appToken(parts, tenantId)) !== null),
    revealGitHubToken: async (tenantId) => {
      const stored = await store.for(tenantId).get(GITHUB_TOKEN)
      if (stored !== null) return cipher.decrypt(stored.ciphertext, { tenantId, purpose: GITHUB_TOKEN })
      const token = await appToken(parts, tenantId)
      if (token === null) throw new AppError('GITHUB_TOKEN_MISSING', { detail: `store one with PUT /v1/github-tokens${app === null ? '' : ', or install the GitHub App'}` })
      return token
    },
    forgetGitHubToken: (tenantId) => app?.forget(tenantId),
  }
}

async function appToken({ tenants, app }: Parts, tenantId: string): Promise<Secret | null> {
  const tenant = app === null ? null : await tenants.get(tenantId)
  return app === null || tenant === null ? null : app.tokenFor(tenant)
}

async function remove({ store, cipher, audit, revoke }: Parts, tenantId: string, { actor, correlationId }: By): Promise<boolean> {
  const stored = await store.for(tenantId).get(GITHUB_TOKEN)
  if (stored === null) throw new AppError('GITHUB_TOKEN_MISSING')
  const isRevoked = await revoke(cipher.decrypt(stored.ciphertext, { tenantId, purpose: GITHUB_TOKEN }))
  // One that was stored meanwhile stays.
  if (await store.for(tenantId).remove(GITHUB_TOKEN, stored.ciphertext)) {
    await audit.for(tenantId).append({ actor, action: 'github-token.removed', subject: GITHUB_TOKEN, details: { revokedAtGitHub: isRevoked }, before: auditedOf(stored), after: null, correlationId })
  }
  return isRevoked
}

const auditedOf = ({ kind, storedBy = 'operator' }: CredentialRecord) => ({ kind: kindNamed(kind), storedBy })
const kindOf = (token: Secret): TokenKind => KINDS.find(([beginning]) => beginning.test(token.reveal()))?.[1] ?? 'unknown'
const kindNamed = (name: string | undefined): TokenKind => KINDS.find(([, kind]) => kind === name)?.[1] ?? 'unknown'
