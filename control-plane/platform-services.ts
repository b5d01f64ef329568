// The services that every process needs, over one database: used by the service (main.ts) and by the operator's commands
// (admin.ts).
import type { Db } from 'mongodb'
import { auditIndexes, createAuditStore, type AuditStore } from './audit/audit-store.ts'
import { createApiKeysService, type ApiKeysService } from './auth/api-keys-service.ts'
import { createApiKeysStore } from './auth/api-keys-store.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { createCipher } from './credentials/cipher.ts'
import { createCredentialsService, type CredentialsService } from './credentials/credentials-service.ts'
import { createCredentialsStore } from './credentials/credentials-store.ts'
import type { CollectionIndexes } from './database/indexes.ts'
import { createTenantCollections, type TenantCollections } from './database/tenant-collections.ts'
import type { Logger } from './logging.ts'
import { createTenantsStore, type TenantsStore } from './tenants/tenants-store.ts'

export const platformIndexes: readonly CollectionIndexes[] = [auditIndexes]

export interface PlatformServices {
  readonly collections: TenantCollections
  readonly tenants: TenantsStore
  readonly apiKeys: ApiKeysService
  readonly credentials: CredentialsService
  readonly audit: AuditStore
}

interface Parts {
  readonly db: Db
  readonly config: Pick<Config, 'encryptionKeys'>
  readonly clock: Clock
  readonly logger: Logger
}

export function createPlatformServices({ db, config, clock, logger }: Parts): PlatformServices {
  const collections = createTenantCollections(db)
  const audit = createAuditStore({ collections, clock })
  return {
    collections,
    audit,
    tenants: createTenantsStore({ collections, clock }),
    apiKeys: createApiKeysService({ store: createApiKeysStore({ collections, clock }), audit, clock, logger }),
    credentials: createCredentialsService({ store: createCredentialsStore({ collections, clock }), cipher: createCipher(config.encryptionKeys), audit }),
  }
}
