// The service's analyses without HTTP: a real database, the gateway as code host, one tenant with a token, one drifted repository.
import type { Tenant } from '../../../control-plane/tenants/tenants-store.ts'
import { analysesModuleIndexes, assembleAnalyses } from '../../../control-plane/analyses/assemble-analyses.ts'
import type { AnalysesModule, AnalysesModuleParts } from '../../../control-plane/analyses/assemble-analyses.ts'
import type { AnalysisDocument } from '../../../control-plane/analyses/analysis-document.ts'
import type { OidcPrincipal, Principal } from '../../../control-plane/auth/principal.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { createPolicyVersionsStore } from '../../../control-plane/policies/policy-versions-store.ts'
import { createPlatformServices } from '../../../control-plane/platform-services.ts'
import type { PlatformServices } from '../../../control-plane/platform-services.ts'
import { assembleRepositories, repositoriesModuleIndexes, type RepositoriesModule } from '../../../control-plane/repositories/assemble-repositories.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { AnalysisWire, Submission } from '../../../contract/analyses.ts'
import { openTestDatabase } from '../../database/open-test-database.ts'
import type { TestDatabase } from '../../database/open-test-database.ts'
import { startGateway } from '../../github-gateway/start-gateway.ts'
import type { Gateway } from '../../github-gateway/start-gateway.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'
import { startAi, WITHOUT_PROVIDERS } from '../ai/ai-fixture.ts'
import { encryptionKey } from '../platform-fixture.ts'

const REPOSITORY = 'acme/shop'

const FULL_ACCESS = { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } as const

export const QUEUE = { pollMs: 1_000, leaseMs: 3_000, heartbeatMs: 500, maxAttempts: 3, retryBaseMs: 100, sweepMs: 1_000, admitPerTenant: 4, maxBacklog: 10_000, concurrency: 4 }

export interface ServiceFixture {
  readonly database: TestDatabase
  readonly platform: PlatformServices
  readonly github: Gateway
  readonly tenant: Tenant
  readonly repositories: RepositoriesModule
  readonly ownerId: number
  readonly logs: string[]
  /** Another process with the same database: its own Agenda, its own worker. */
  assemble(changes?: Partial<AnalysesModuleParts>): AnalysesModule
  /** Makes `acme/NAME` with these files and gives its first commit. */
  repository(name: string, files?: Record<string, string>): Promise<{ readonly fullName: string; readonly id: string; readonly commit: string }>
  /** For tests that open more fix pull requests than an organisation may by default. */
  liftBudget(): Promise<void>
  giveToken(permissions?: Record<string, 'read' | 'write'>): Promise<string>
  documents(): Promise<AnalysisDocument[]>
  audit(action: string): Promise<readonly { readonly subject: string; readonly details: unknown; readonly correlationId: string | null }[]>
  close(): Promise<void>
}

export async function startServiceFixture(): Promise<ServiceFixture> {
  const [database, github] = await Promise.all([openTestDatabase(), startGateway()])
  const { db, collections } = database
  const ownerId = 4242
  await github.createOwner({ login: 'acme', id: ownerId })
  await ensureIndexes(db, [...analysesModuleIndexes, ...repositoriesModuleIndexes])
  const clock = systemClock
  const logs: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void logs.push(line) } })
  const platform = createPlatformServices({ db, config: { encryptionKeys: [encryptionKey('k1')] }, clock, logger })
  const { audit, credentials, tenants } = platform
  const tenant = await tenants.create({ issuerHost: 'issuer.test', ownerId: String(ownerId), ownerName: 'acme', aiEnabled: false })
  const giveToken = async (permissions: Record<string, 'read' | 'write'> = FULL_ACCESS) => {
    const token = github.issueToken({ owner: 'acme', permissions })
    await credentials.storeGitHubToken(tenant.id, new Secret(token), { actor: 'operator', correlationId: null })
    return token
  }
  await giveToken()
  const repositories = assembleRepositories({ ...platform, clock })
  return {
    repositories, database, platform, github, tenant, ownerId, logs, giveToken,
    assemble: (changes = {}) => assembleAnalyses({
      ...platform, repositories, advisor: startAi({ ...platform, clock }, WITHOUT_PROVIDERS).advisor, db, clock, logger, metrics: createMetrics(),
      config: { github: { apiUrl: github.apiUrl, url: 'https://github.com', paces: false }, queue: QUEUE, publicUrl: 'http://service.test', webhookSecrets: [] },
      versions: { policy: 'p1', engine: 'e1', data: 'd1' }, paceGithub: false, githubTimeoutMs: 2_000, stopping: new AbortController().signal, ...changes,
    }),
    repository: async (name, files = { 'README.md': 'a shop\n', [CI_PATH]: DRIFTED }) => {
      const { id, fullName, commit } = await github.createRepository({ owner: 'acme', name, files })
      return { fullName, id: String(id), commit: commit ?? '' }
    },
    liftBudget: async () => {
      await createPolicyVersionsStore({ collections, clock }).for(tenant.id).add({ version: 1, text: 'pull-requests: { max-open: 1000, max-per-day: 1000 }\n', by: 'operator', reason: 'the test opens many' })
    },
    documents: () => collections.for(tenant.id).collection<AnalysisDocument>('analyses').page({}, { limit: 1000 }),
    audit: async (action) => (await audit.for(tenant.id).list({ limit: 1000 })).filter((entry) => entry.action === action),
    close: async () => {
      await github.close()
      await database.close()
    },
  }
}

type Subject = Pick<Submission, 'commit'> & Partial<Submission>

export function submissionOf(subject: Subject): Submission {
  return {
    schemaVersion: 1, repository: REPOSITORY, ref: 'refs/heads/main', paths: [CI_PATH], truncated: false,
    files: [{ path: CI_PATH, text: DRIFTED }], options: { profile: 'regular', fixPr: 'safe' }, ...subject,
  }
}

export function workflowRun(tenant: Tenant, claims: Partial<Omit<OidcPrincipal, 'repository'>> & { readonly sha: string; readonly repositoryId: string; readonly fullName?: string }): Principal {
  const { repositoryId, fullName = REPOSITORY, ...rest } = claims
  return {
    kind: 'oidc', tenantId: tenant.id, repository: { id: repositoryId, fullName, ownerId: tenant.ownerId },
    ref: 'refs/heads/main', headRef: null, baseRef: null, eventName: 'push', runId: '1', ...rest,
  }
}

export const QUIET = { warn: () => undefined }

export interface Submitted {
  readonly principal: Principal
  readonly correlationId?: string
}

/** Submits, and answers with how the analysis ended; a worker must be running. */
export async function submitAndWait({ service }: Pick<AnalysesModule, 'service'>, submission: Submission, { principal, correlationId = 'c-1' }: Submitted): Promise<AnalysisWire> {
  const { analysis } = await service.submit(submission, { principal, correlationId, logger: QUIET })
  return service.get(principal, analysis.id, { seconds: 25, signal: new AbortController().signal })
}
