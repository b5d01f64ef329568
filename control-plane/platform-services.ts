// The services that every process needs, over one database: used by the service (main.ts) and by the operator's commands
// (admin.ts).
import type { Db } from 'mongodb'
import { VERSION } from '../analysis/version.ts'
import type { GithubClientSettings } from '../pull-request/client.ts'
import { auditIndexes, createAuditStore, type AuditStore } from './audit/audit-store.ts'
import { createApiKeysService, type ApiKeysService } from './auth/api-keys-service.ts'
import { createApiKeysStore } from './auth/api-keys-store.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { createSessionsStore, sessionsIndexes, type SessionsStore } from './auth/sessions-store.ts'
import { createCipher, type Cipher } from './credentials/cipher.ts'
import { createCredentialsService, type CredentialsService } from './credentials/credentials-service.ts'
import { createCredentialsStore } from './credentials/credentials-store.ts'
import { createGithubApp, type GithubApp } from './credentials/github-app.ts'
import { createRevokeGithubToken } from './credentials/revoke-github-token.ts'
import { createRotateKeys, type RotateKeys } from './credentials/rotate-keys.ts'
import type { CollectionIndexes } from './database/indexes.ts'
import { createTenantCollections, type TenantCollections } from './database/tenant-collections.ts'
import type { Logger } from './logging.ts'
import { createInvitationsStore, invitationsIndexes } from './tenants/invitations-store.ts'
import { createMembersStore, membersIndexes, type MembersStore } from './tenants/members-store.ts'
import { createMembershipsService, type MembershipsService } from './tenants/memberships-service.ts'
import { createTenantsStore, type TenantsStore } from './tenants/tenants-store.ts'

export const platformIndexes: readonly CollectionIndexes[] = [auditIndexes, sessionsIndexes, membersIndexes, invitationsIndexes]

export interface PlatformServices {
  readonly collections: TenantCollections
  readonly tenants: TenantsStore
  readonly apiKeys: ApiKeysService
  readonly credentials: CredentialsService
  readonly rotateKeys: RotateKeys
  readonly audit: AuditStore
  readonly members: MembersStore
  readonly memberships: MembershipsService
  readonly sessions: SessionsStore
  readonly cipher: Cipher
  /** How the code host is spoken to. */
  readonly github: GithubClientSettings
  /** Null without an App. */
  readonly githubApp: GithubApp | null
}

interface Parts {
  readonly db: Db
  /** Without the code host's settings it is github.com, and there is no App. */
  readonly config: Pick<Config, 'encryptionKeys'> & Partial<Pick<Config, 'github' | 'githubApp'>>
  readonly clock: Clock
  readonly logger: Logger
  /** How GitHub is reached. Left out: the process's own. */
  readonly fetch?: typeof fetch
}

const GITHUB_TIMEOUT_MS = 20_000

export function createPlatformServices({ db, config, clock, logger, fetch: send = fetch }: Parts): PlatformServices {
  const collections = createTenantCollections(db)
  const audit = createAuditStore({ collections, clock })
  const tenants = createTenantsStore({ collections, clock })
  const members = createMembersStore({ collections, clock })
  const cipher = createCipher(config.encryptionKeys)
  const store = createCredentialsStore({ collections, clock })
  const { apiUrl, paces } = config.github ?? { apiUrl: 'https://api.github.com', paces: true }
  const github: GithubClientSettings = { apiUrl, userAgent: `autodevops/${VERSION}`, pace: paces, requestTimeoutMs: GITHUB_TIMEOUT_MS, fetch: send }
  const app = config.githubApp ? createGithubApp({ app: config.githubApp, client: github, clock }) : null
  return {
    collections, audit, tenants, members, cipher, github, githubApp: app,
    apiKeys: createApiKeysService({ store: createApiKeysStore({ collections, clock }), audit, clock, logger }),
    memberships: createMembershipsService({ members, invitations: createInvitationsStore({ collections, clock }), audit, clock }),
    sessions: createSessionsStore({ collections, clock }),
    credentials: createCredentialsService({ store, cipher, audit, tenants, app, revoke: createRevokeGithubToken({ client: github, fetch: send }) }),
    rotateKeys: createRotateKeys({ store, cipher, audit, logger }),
  }
}
