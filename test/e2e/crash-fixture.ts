// Tenants with drifted repositories on the gateway, an issuer of their runs' tokens, and service processes that find them.
// The database is the caller's: these tests kill processes, and some of them the database itself.
import type { Db } from 'mongodb'
import { createPlatformServices, type PlatformServices } from '../../control-plane/platform-services.ts'
import { createPolicyVersionsStore } from '../../control-plane/policies/policy-versions-store.ts'
import type { Scope } from '../../control-plane/auth/principal.ts'
import { systemClock } from '../../control-plane/clock.ts'
import { createLogger } from '../../control-plane/logging.ts'
import { Secret } from '../../control-plane/secret.ts'
import type { Submission } from '../../contract/analyses.ts'
import { CI_PATH, DRIFTED } from '../pull-request/drifted-workflow.ts'
import { startGateway } from '../github-gateway/start-gateway.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { startOidcIssuer } from '../oidc-issuer/start-oidc-issuer.ts'
import { startService, type RunningService, type ServiceOptions } from '../service/start-service.ts'

const AUDIENCE = 'http://autodevops.test'
const KEY = Buffer.alloc(32, 9).toString('base64')
const TOKEN_SECONDS = 3_600
const MANY = 1_000
const OPERATOR = { actor: 'operator', correlationId: null }

interface Owner {
  readonly login: string
  readonly id: number
  readonly aiEnabled?: boolean
  /** How many fix pull requests it may have open; absent: one for every repository. */
  readonly maxOpen?: number
}

export interface CrashOptions {
  readonly uri: string
  readonly name: string
  /** One tenant each; absent: one. */
  readonly owners?: readonly Owner[]
  /** Settings of every process, over those of this fixture. */
  readonly env?: Readonly<Record<string, string>>
}

/** A commit of the default branch, what its run posts, and the token with which it does. */
export interface CrashRun {
  readonly commit: string
  readonly submission: Submission
  readonly token: string
}

export interface CrashRepository extends CrashRun {
  readonly id: string
  readonly fullName: string
  readonly tenantId: string
  /** A person's push; `workflow` is the CI file's text after it. */
  push(files: Readonly<Record<string, string>>, workflow: string): Promise<CrashRun>
}

export interface CrashFixture {
  readonly github: Gateway
  readonly tenantIds: readonly string[]
  /** A process of the service; `mongodbUri` where it takes another way to the database. */
  start(role?: ServiceOptions['role'], mongodbUri?: string): Promise<RunningService>
  /** In clear; may read and write analyses unless other scopes are named. */
  apiKey(tenantId: string, scopes?: readonly Scope[]): Promise<string>
  /** A repository with one drifted workflow; `owner` counts from 0. */
  repository(name: string, owner?: number): Promise<CrashRepository>
  close(): Promise<void>
}

/** Settings are as short as the embedded server allows, so that a killed worker's leases end within seconds. */
export async function startCrashFixture(db: Db, { uri, name, owners = [{ login: 'acme', id: 4242 }], env = {} }: CrashOptions): Promise<CrashFixture> {
  const [github, issuer] = await Promise.all([startGateway(), startOidcIssuer()])
  const tenantIds: string[] = []
  const config = { encryptionKeys: [{ id: 'k1', secret: new Secret(KEY) }] }
  const platform = createPlatformServices({ db, config, clock: systemClock, logger: createLogger({ level: 'silent' }) })
  for (const owner of owners) tenantIds.push(await createTenant(platform, { github, issuer: issuer.issuer, owner }))
  return {
    github,
    tenantIds,
    start: (role = 'all', mongodbUri = uri) => startService({
      role, mongodbUri, database: name, github: { apiUrl: github.apiUrl, webUrl: 'https://github.com' }, issuers: [issuer.issuer], encryptionKeys: `k1:${KEY}`,
      env: {
        GITHUB_PACING: 'off', OIDC_AUDIENCE: AUDIENCE, QUEUE_POLL_MS: '1000', LEASE_MS: '4000', HEARTBEAT_MS: '1000', SWEEP_MS: '1000', RETRY_BASE_MS: '200',
        ADMIT_PER_TENANT: '8', WORKER_CONCURRENCY: '4', RATE_LIMIT_PER_MINUTE: '100000', MAX_ATTEMPTS: '10', ...env,
      },
    }),
    apiKey: async (tenantId, scopes = ['analyses:write', 'analyses:read']) => (await platform.apiKeys.create(tenantId, { name: 'test', scopes, expiresAt: null }, OPERATOR)).key.reveal(),
    repository: async (repository, at = 0) => {
      const owner = owners[at]
      const tenantId = tenantIds[at]
      if (owner === undefined || tenantId === undefined) throw new Error(`this fixture has no owner ${at}`)
      const { id, fullName, commit: first } = await github.createRepository({ owner: owner.login, name: repository, files: { [CI_PATH]: DRIFTED } })
      const runOf = async (commit: string, workflow: string): Promise<CrashRun> => ({
        commit, submission: submissionOf(fullName, commit, workflow),
        token: await issuer.mint({ repository: fullName, repositoryId: id, ownerId: owner.id, sha: commit }, { audience: AUDIENCE, expiresInSeconds: TOKEN_SECONDS }),
      })
      return {
        id: String(id), fullName, tenantId, ...(await runOf(first ?? '', DRIFTED)),
        push: async (files, workflow) => runOf(await github.commit({ repo: fullName, branch: 'main', message: 'Work', files }), workflow),
      }
    },
    close: async () => {
      await issuer.close()
      await github.close()
    },
  }
}

const submissionOf = (repository: string, commit: string, workflow: string): Submission => ({
  schemaVersion: 1, repository, ref: 'refs/heads/main', commit, paths: [CI_PATH], truncated: false,
  files: [{ path: CI_PATH, text: workflow }], options: { profile: 'regular', fixPr: 'safe' },
})

/** The tenant's id. */
async function createTenant({ collections, tenants, credentials }: PlatformServices, { github, issuer, owner }: { readonly github: Gateway; readonly issuer: string; readonly owner: Owner }): Promise<string> {
  const { login, id, aiEnabled = false, maxOpen = MANY } = owner
  await github.createOwner({ login, id })
  const tenant = await tenants.create({ issuerHost: new URL(issuer).host, ownerId: String(id), ownerName: login, aiEnabled })
  await createPolicyVersionsStore({ collections, clock: systemClock }).for(tenant.id).add({ version: 1, text: `pull-requests: { max-open: ${maxOpen}, max-per-day: ${MANY} }\n`, by: 'operator', reason: 'as the test needs it' })
  const token = github.issueToken({ owner: login, label: login, permissions: { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } })
  await credentials.storeGitHubToken(tenant.id, new Secret(token), OPERATOR)
  return tenant.id
}
