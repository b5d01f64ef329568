// The platform's services on a test database, with a clock that tests can move and a log that they can read.
import { createAuthenticate, type Authenticate } from '../../control-plane/auth/authenticate.ts'
import { createOidcIssuers } from '../../control-plane/auth/oidc-issuers.ts'
import { createOidcTokens } from '../../control-plane/auth/oidc-tokens.ts'
import type { Principal } from '../../control-plane/auth/principal.ts'
import { createLogger, type Logger } from '../../control-plane/logging.ts'
import { createPlatformServices, platformIndexes, type PlatformServices } from '../../control-plane/platform-services.ts'
import { ensureIndexes } from '../../control-plane/database/indexes.ts'
import { Secret } from '../../control-plane/secret.ts'
import type { EncryptionKey } from '../../control-plane/settings.ts'
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts'

export const AUDIENCE = 'https://autodevops.test'

export interface Platform extends PlatformServices {
  readonly database: TestDatabase
  readonly logger: Logger
  /** Every log line so far. */
  readonly logged: string[]
  readonly authenticate: Authenticate
  /** Who an authorization header is. */
  principalOf(authorization: string | undefined): Promise<Principal>
  readonly clock: () => Date
  /** Moves the clock from now on. */
  advance(ms: number): void
  close(): Promise<void>
}

export const encryptionKey = (id: string): EncryptionKey => ({ id, secret: new Secret(Buffer.alloc(32, id).toString('base64')) })

export async function startPlatform({ issuers = [] as readonly string[], keys = [encryptionKey('k1')] } = {}): Promise<Platform> {
  const database = await openTestDatabase()
  await ensureIndexes(database.db, platformIndexes)
  const logged: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void logged.push(line) } })
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  const services = createPlatformServices({ db: database.db, config: { encryptionKeys: keys }, clock, logger })
  const oidcTokens = createOidcTokens({ issuers: createOidcIssuers({ issuers, fetch, clock }), audience: AUDIENCE, tenants: services.tenants, clock })
  const authenticate = createAuthenticate({ apiKeys: services.apiKeys, oidcTokens })
  return {
    ...services, database, logger, logged, clock, authenticate,
    principalOf: async (authorization) => (await authenticate({ authorization })).principal,
    advance: (ms) => { offsetMs += ms },
    close: () => database.close(),
  }
}
