// API keys: made (and shown once), checked, revoked. Written `adk_KEYID_SECRET`. Records are kept for a few seconds, so a revocation
// takes that long to be seen.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../logging.ts'
import type { Secret } from '../secret.ts'
import type { ApiKeyRecord, ApiKeysStore } from './api-keys-store.ts'
import { createBriefCache } from './brief-cache.ts'
import type { ApiKeyPrincipal, By, Scope } from './principal.ts'
import { createTokenForm } from './token-form.ts'

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | null
}

export interface ApiKeysService {
  /** The only time at which the key is known in clear. */
  create(tenantId: string, key: NewApiKey, by: By): Promise<{ readonly keyId: string; readonly key: Secret; readonly createdAt: Date }>
  /** Revoked ones too. */
  list(tenantId: string, page: Page): Promise<ApiKeyRecord[]>
  /** Throws API_KEY_NOT_FOUND. */
  revoke(tenantId: string, keyId: string, by: By): Promise<void>
  /** Throws API_KEY_INVALID or API_KEY_EXPIRED. */
  verify(key: string): Promise<ApiKeyPrincipal>
}

const PREFIX = 'adk'
const FORM = createTokenForm(PREFIX)
const MARK_EVERY_MS = 60_000

export const isApiKey = (token: string): boolean => token.startsWith(`${PREFIX}_`)

interface Parts {
  readonly store: ApiKeysStore
  readonly audit: AuditStore
  readonly clock: Clock
  readonly logger: Logger
}

export function createApiKeysService({ store, audit, clock, logger }: Parts): ApiKeysService {
  const kept = createBriefCache({ clock, load: (keyId) => store.find(keyId) })
  const marked = new Map<string, number>()
  const markUsed = (record: ApiKeyRecord, now: Date) => {
    if (now.getTime() - (marked.get(record._id) ?? record.lastUsedAt?.getTime() ?? 0) < MARK_EVERY_MS) return
    marked.set(record._id, now.getTime())
    // Not waited for: a request must not fail because its key could not be marked.
    store.for(record.tenantId).markUsed(record._id, now).catch((error: unknown) => logger.warn({ err: error }, 'the last use of an API key could not be written'))
  }
  return {
    create: async (tenantId, { name, scopes, expiresAt }, { actor, correlationId }) => {
      const { id: keyId, token: key, secretHash } = FORM.create()
      const createdAt = clock()
      await store.for(tenantId).add({ _id: keyId, name, scopes, createdAt, expiresAt, secretHash })
      await audit.for(tenantId).append({ actor, action: 'api-key.created', subject: keyId, details: {}, before: null, after: { name, scopes, expiresAt: expiresAt?.toISOString() ?? null }, correlationId })
      return { keyId, key, createdAt }
    },
    list: (tenantId, page) => store.for(tenantId).list(page),
    revoke: async (tenantId, keyId, { actor, correlationId }) => {
      if (!(await store.for(tenantId).revoke(keyId))) throw new AppError('API_KEY_NOT_FOUND', { detail: keyId })
      kept.forget(keyId)
      await audit.for(tenantId).append({ actor, action: 'api-key.revoked', subject: keyId, details: {}, correlationId })
    },
    verify: async (key) => {
      const given = FORM.read(key)
      if (given === null) throw new AppError('API_KEY_INVALID')
      const record = await kept.find(given.id)
      if (record?.revokedAt !== null || !given.matches(record.secretHash)) throw new AppError('API_KEY_INVALID')
      const now = clock()
      if (record.expiresAt !== null && record.expiresAt <= now) throw new AppError('API_KEY_EXPIRED', { detail: `since ${record.expiresAt.toISOString()}` })
      markUsed(record, now)
      return { kind: 'api-key', tenantId: record.tenantId, keyId: given.id, scopes: record.scopes }
    },
  }
}
