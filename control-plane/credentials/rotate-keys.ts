// Re-encrypts stored secrets with the first key, in pages of one round trip each. Can be cut at any time and begun again, and run by
// several processes at once: what is current is skipped, what was replaced meanwhile is left alone.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Logger } from '../logging.ts'
import { hasCode } from '../errors.ts'
import type { Cipher } from './cipher.ts'
import type { CredentialRecord, CredentialsStore, Replacement } from './credentials-store.ts'

export interface RotationProgress {
  readonly rotated: number
  /** Encrypted with the first key already. */
  readonly current: number
  /** Cannot be decrypted by anybody: the secret has to be stored again. Named in the log. */
  readonly damaged: number
}

/** Calls `onProgress` after each page. Throws ENCRYPTION_KEY_UNKNOWN, before the page with such a secret is touched. */
export type RotateKeys = (options?: { readonly onProgress?: (progress: RotationProgress) => void; readonly signal?: AbortSignal }) => Promise<RotationProgress>

interface Parts {
  readonly store: CredentialsStore
  readonly cipher: Cipher
  readonly audit: AuditStore
  readonly logger: Logger
}

const PAGE = 500

export function createRotateKeys(parts: Parts): RotateKeys {
  const { store } = parts
  return async ({ onProgress, signal } = {}) => {
    let progress: RotationProgress = { rotated: 0, current: 0, damaged: 0 }
    for (let after: string | undefined; ; ) {
      signal?.throwIfAborted()
      const page = await store.list({ after, limit: PAGE })
      progress = await rotatePage(parts, page, progress)
      if (page.length > 0) onProgress?.(progress)
      if (page.length < PAGE) return progress
      after = page.at(-1)?._id
    }
  }
}

async function rotatePage({ store, cipher, audit, logger }: Parts, page: readonly CredentialRecord[], { rotated, current, damaged }: RotationProgress): Promise<RotationProgress> {
  const old = page.filter(({ ciphertext }) => !cipher.isCurrent(ciphertext))
  const renewed = old.map((record) => renew(cipher, record))
  old.filter((_, index) => renewed[index] === null).forEach(({ tenantId, purpose }) => logger.error({ tenantId, purpose }, 'a stored secret is damaged; it has to be stored again'))
  const replaced = await store.replaceAll(renewed.filter((each) => each !== null))
  await audit.appendAll(replaced.map(({ tenantId, purpose, before, after }) =>
    ({ tenantId, actor: 'operator', action: 'secret.rotated', subject: purpose, details: {}, before: { keyId: cipher.keyIdOf(before) }, after: { keyId: cipher.keyIdOf(after) }, correlationId: null })))
  return { rotated: rotated + replaced.length, current: current + page.length - old.length, damaged: damaged + renewed.filter((each) => each === null).length }
}

/** Null for a damaged one. */
function renew(cipher: Cipher, { tenantId, purpose, ciphertext }: CredentialRecord): Replacement | null {
  try {
    return { tenantId, purpose, before: ciphertext, after: cipher.encrypt(cipher.decrypt(ciphertext, { tenantId, purpose }), { tenantId, purpose }) }
  } catch (error) {
    if (hasCode(error, 'SECRET_DAMAGED')) return null
    throw error
  }
}
