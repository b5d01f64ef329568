// A tenant's GitHub token: stored encrypted, given out only inside a Secret, re-encrypted when the keys rotate.
import type { AuditStore } from '../audit/audit-store.ts'
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Cipher } from './cipher.ts'
import type { CredentialsStore } from './credentials-store.ts'

export interface CredentialsService {
  /** Replaces the token that was stored before. */
  storeGitHubToken(tenantId: string, token: Secret, by: { readonly actor: string; readonly correlationId: string | null }): Promise<void>
  /** Throws GITHUB_TOKEN_MISSING, ENCRYPTION_KEY_UNKNOWN or SECRET_DAMAGED. */
  revealGitHubToken(tenantId: string): Promise<Secret>
  /** Re-encrypts what is not yet encrypted with the first key. Can be cut and started again at any time. */
  rotateKeys(): Promise<{ readonly rotated: number; readonly current: number }>
}

const GITHUB_TOKEN = 'github-token'
const PAGE = 100

interface Parts {
  readonly store: CredentialsStore
  readonly cipher: Cipher
  readonly audit: AuditStore
}

export function createCredentialsService({ store, cipher, audit }: Parts): CredentialsService {
  return {
    storeGitHubToken: async (tenantId, token, { actor, correlationId }) => {
      await store.for(tenantId).put(GITHUB_TOKEN, cipher.encrypt(token, { tenantId, purpose: GITHUB_TOKEN }))
      await audit.for(tenantId).append({ actor, action: 'github-token.stored', subject: GITHUB_TOKEN, details: {}, correlationId })
    },
    revealGitHubToken: async (tenantId) => {
      const stored = await store.for(tenantId).get(GITHUB_TOKEN)
      if (stored === null) throw new AppError('GITHUB_TOKEN_MISSING', { detail: 'an operator stores one with set-github-token' })
      return cipher.decrypt(stored, { tenantId, purpose: GITHUB_TOKEN })
    },
    rotateKeys: () => rotate({ store, cipher, audit }),
  }
}

async function rotate({ store, cipher, audit }: Parts): Promise<{ rotated: number; current: number }> {
  let rotated = 0
  let current = 0
  let after: string | undefined
  for (;;) {
    const page = await store.list({ after, limit: PAGE })
    for (const { tenantId, purpose, ciphertext } of page) {
      if (cipher.isCurrent(ciphertext)) {
        current += 1
        continue
      }
      const renewed = cipher.encrypt(cipher.decrypt(ciphertext, { tenantId, purpose }), { tenantId, purpose })
      // Only if nobody stored a new token meanwhile: that one is encrypted with the first key already.
      if (!(await store.for(tenantId).replace(purpose, ciphertext, renewed))) continue
      rotated += 1
      await audit.for(tenantId).append({ actor: 'operator', action: 'secret.rotated', subject: purpose, details: {}, correlationId: null })
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return { rotated, current }
    after = last.id
  }
}
