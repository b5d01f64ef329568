// A tenant with many drifted repositories on the gateway, an issuer of their runs' tokens, and service
// processes that find them. The database is the caller's: these tests kill processes, and some of them the database itself.
import type { Db } from 'mongodb'
import { createPlatformServices } from '../../control-plane/platform-services.ts'
import { createPolicyVersionsStore } from '../../control-plane/policies/policy-versions-store.ts'
import { systemClock } from '../../control-plane/clock.ts'
import { createLogger } from '../../control-plane/logging.ts'
import { Secret } from '../../control-plane/secret.ts'
import type { Submission } from '../../contract/analyses.ts'
import { CI_PATH, DRIFTED } from '../pull-request/drifted-workflow.ts'
import { submissionOf } from '../control-plane/analyses/service-fixture.ts'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { startOidcIssuer } from '../oidc-issuer/start-oidc-issuer.ts'
import { startService, type RunningService, type ServiceOptions } from '../service/start-service.ts'

const OWNER = { login: 'acme', id: 4242 }
const AUDIENCE = 'http://autodevops.test'
const KEY = Buffer.alloc(32, 9).toString('base64')

export interface CrashFixture {
  readonly github: Gateway
  /** A process of the service. */
  start(role?: ServiceOptions['role']): Promise<RunningService>
  /** A repository with one drifted workflow: what its run posts, and the token with which it does. */
  repository(name: string): Promise<{ readonly fullName: string; readonly commit: string; readonly submission: Submission; readonly token: string }>
  close(): Promise<void>
}

/** Settings are as short as the embedded server allows, so that a killed worker's leases end within seconds. */
export async function startCrashFixture(db: Db, { uri, name }: { readonly uri: string; readonly name: string }): Promise<CrashFixture> {
  const [github, issuer] = await Promise.all([startGateway(), startOidcIssuer()])
  await github.createOwner(OWNER)
  const config = { encryptionKeys: [{ id: 'k1', secret: new Secret(KEY) }] }
  const { collections, tenants, credentials } = createPlatformServices({ db, config, clock: systemClock, logger: createLogger({ level: 'silent' }) })
  const tenant = await tenants.create({ issuerHost: new URL(issuer.issuer).host, ownerId: String(OWNER.id), ownerName: OWNER.login, aiEnabled: false })
  await createPolicyVersionsStore({ collections, clock: systemClock }).for(tenant.id).add({ version: 1, text: 'pull-requests: { max-open: 1000, max-per-day: 1000 }\n', by: 'operator', reason: 'every repository of the test gets one' })
  const token = github.issueToken({ owner: OWNER.login, permissions: { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } })
  await credentials.storeGitHubToken(tenant.id, new Secret(token), { actor: 'operator', correlationId: null })
  return {
    github,
    start: (role = 'all') => startService({
      role, mongodbUri: uri, database: name, github: { apiUrl: github.apiUrl, webUrl: 'https://github.com' }, issuers: [issuer.issuer], encryptionKeys: `k1:${KEY}`,
      env: {
        GITHUB_PACING: 'off', OIDC_AUDIENCE: AUDIENCE, QUEUE_POLL_MS: '1000', LEASE_MS: '4000', HEARTBEAT_MS: '1000', SWEEP_MS: '1000', RETRY_BASE_MS: '200',
        ADMIT_PER_TENANT: '8', WORKER_CONCURRENCY: '4', RATE_LIMIT_PER_MINUTE: '100000', MAX_ATTEMPTS: '10',
      },
    }),
    repository: async (repository) => {
      const { id, fullName, commit } = await github.createRepository({ owner: OWNER.login, name: repository, files: { [CI_PATH]: DRIFTED } })
      const sha = commit ?? ''
      return {
        fullName, commit: sha, submission: submissionOf({ commit: sha, repository: fullName }),
        token: await issuer.mint({ repository: fullName, repositoryId: id, ownerId: OWNER.id, sha }, { audience: AUDIENCE }),
      }
    },
    close: async () => {
      await issuer.close()
      await github.close()
    },
  }
}
