// A running service with two organisations and something of each kind in both, and every kind of credentials for the first one.
import { decodeJwt } from 'jose'
import { createAcceptancesStore } from '../../../control-plane/baselines/acceptances-store.ts'
import { createSessionsService } from '../../../control-plane/auth/sessions-service.ts'
import type { Scope } from '../../../control-plane/auth/principal.ts'
import type { Role } from '../../../control-plane/auth/roles.ts'
import { createCalendarFeedsService } from '../../../control-plane/fleet/calendar-feeds-service.ts'
import { createCalendarFeedsStore } from '../../../control-plane/fleet/calendar-feeds-store.ts'
import { createQuotasStore } from '../../../control-plane/quotas/quotas-store.ts'
import { createRepositoriesStore } from '../../../control-plane/repositories/repositories-store.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createPlatformServices } from '../../../control-plane/platform-services.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { Tenant } from '../../../control-plane/tenants/tenants-store.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { platformIndexes } from '../../../control-plane/platform-services.ts'
import { openTestDatabase } from '../../database/open-test-database.ts'
import { startOidcIssuer } from '../../oidc-issuer/start-oidc-issuer.ts'
import { startService } from '../../service/start-service.ts'
import { expectDeclaredResponse, type OpenApiDocument } from '../http/declared-answers.ts'

export type Caller =
  | { readonly kind: 'nobody'; readonly name: string }
  | { readonly kind: 'person'; readonly name: string; readonly role: Role }
  | { readonly kind: 'key'; readonly name: string; readonly scope: Scope }
  | { readonly kind: 'run'; readonly name: string }

export interface WalkedRoute {
  /** As in the table: `GET /v1/analyses/:id`. */
  readonly key: string
  readonly method: string
  /** As in the document: `/v1/analyses/{id}`. */
  readonly path: string
}

type Headers = Readonly<Record<string, string>>
export type Walk = Awaited<ReturnType<typeof startWalk>>

const SESSION_SECRET = 'a-session-secret-for-tests-of-more-than-43-characters'
const KEY = Buffer.alloc(32, 7).toString('base64')
const OPERATOR = { actor: 'operator', correlationId: null }
const HOUR_MS = 3_600_000
const COMMIT = 'a'.repeat(40)
const NO_LIMITS = { requests: null, tokens: null, costMicroUsd: null }
/** Whoever calls it names something of its own, which need not exist. */
const CREATING = new Set(['PUT /v1/quotas/:id'])
const AUDIENCE = 'http://autodevops.test'

export async function startWalk() {
  const [database, issuer] = await Promise.all([openTestDatabase(), startOidcIssuer()])
  await ensureIndexes(database.db, platformIndexes)
  const service = await startService({
    role: 'api', mongodbUri: database.uri, database: database.name, github: { apiUrl: 'http://127.0.0.1:1', webUrl: 'http://127.0.0.1:1' }, issuers: [issuer.issuer], encryptionKeys: `k1:${KEY}`,
    env: { GITHUB_OAUTH_CLIENT_ID: 'client', GITHUB_OAUTH_CLIENT_SECRET: 'secret', SESSION_SECRET, RATE_LIMIT_PER_MINUTE: '1000000', OIDC_AUDIENCE: AUDIENCE },
  })
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  const platform = createPlatformServices({ db: database.db, config: { encryptionKeys: [{ id: 'k1', secret: new Secret(KEY) }] }, clock, logger: createLogger({ level: 'silent' }) })
  const sessionsWith = (secret: string) => createSessionsService({ ...platform, store: platform.sessions, clock, publicUrl: service.url, settings: { secret: new Secret(secret), hours: 12 } })
  const createTenant = (ownerName: string, ownerId: string) => platform.tenants.create({ issuerHost: new URL(issuer.issuer).host, ownerId, ownerName, aiEnabled: false })
  const [ours, theirs] = [await createTenant('acme', '4242'), await createTenant('rival', '777')]

  let people = 100
  const addMember = async (tenant: Tenant, role: Role) => {
    people += 1
    const person = { userId: String(people), login: `person-${people}` }
    await platform.memberships.put(tenant.id, { ...person, role }, OPERATOR)
    return person
  }
  const openSession = async (tenant: Tenant, role: Role, secret = SESSION_SECRET) => {
    const person = await addMember(tenant, role)
    const cookie = await sessionsWith(secret).open(tenant.id, person, 'c')
    const token = cookie.split(/[=;]/)[1] ?? ''
    return { id: decodeJwt<{ sid: string }>(token).sid, headers: { cookie: cookie.split(';')[0] ?? '', origin: service.url, 'x-autodevops-csrf': '1' } }
  }
  const openKey = async (tenant: Tenant, scope: Scope, expiresAt: Date | null = null) => {
    const { keyId, key } = await platform.apiKeys.create(tenant.id, { name: 'walk', scopes: [scope], expiresAt }, OPERATOR)
    return { id: keyId, headers: { authorization: `Bearer ${key.reveal()}` } }
  }
  const runOf = async (ownerId: number): Promise<Headers> =>
    ({ authorization: `Bearer ${await issuer.mint({ repository: 'acme/shop', repositoryId: 1, ownerId, sha: 'a'.repeat(40) }, { audience: AUDIENCE })}` })

  const NOBODY: Readonly<Record<string, () => Promise<Headers>>> = {
    'no credentials': () => Promise.resolve({}),
    'an expired session': async () => {
      offsetMs = -2 * HOUR_MS
      const { headers } = await openSession(ours, 'owner')
      offsetMs = 0
      return headers
    },
    'an ended session': async () => {
      const { id, headers } = await openSession(ours, 'owner')
      await platform.sessions.for(ours.id).revoke(id)
      return headers
    },
    'a forged session': async () => (await openSession(ours, 'owner', 'another-secret-of-more-than-forty-three-characters')).headers,
    'a revoked key': async () => {
      const { id, headers } = await openKey(ours, 'admin')
      await platform.apiKeys.revoke(ours.id, id, OPERATOR)
      return headers
    },
    'an expired key': async () => (await openKey(ours, 'admin', new Date(Date.now() - 1))).headers,
    'a malformed key': () => Promise.resolve({ authorization: 'Bearer adk_0123' }),
  }
  const feeds = createCalendarFeedsService({ ...platform, store: createCalendarFeedsStore({ ...platform, clock }), clock })
  const quotas = createQuotasStore({ ...platform, clock })
  const quotaOf = async (tenant: Tenant) => {
    people += 1
    const id = `repository:${people}`
    await quotas.for(tenant.id).put({ id, limits: { day: NO_LIMITS, month: NO_LIMITS }, warnAtPercent: [], override: null })
    return id
  }
  const [repositories, acceptances] = [createRepositoriesStore({ ...platform, clock }), createAcceptancesStore({ ...platform, clock })]
  const repositoryOf = async (tenant: Tenant) => {
    people += 1
    const [own, repositoryId] = [repositories.for(tenant.id), String(people)]
    await own.ensure({ repositoryId, name: `walk/${repositoryId}` })
    await own.record(repositoryId, {
      defaultBranch: 'main', score: null, counts: null, driftSince: null, analysisId: 'walk', fleet: { rules: [], calendar: [], workflows: [], uncompared: 0, unreadable: 0 },
      entry: { commit: COMMIT, at: clock(), score: 100, findings: 0 },
    })
    return repositoryId
  }
  const acceptedOf = async (tenant: Tenant) => {
    const repositoryId = await repositoryOf(tenant)
    await acceptances.for(tenant.id).add(repositoryId, { version: 1, commit: COMMIT, by: 'operator', reason: 'walk' })
    return repositoryId
  }
  /** What stands for each parameter, made anew since some calls remove it. */
  const IDS: Readonly<Record<string, (tenant: Tenant) => Promise<string>>> = {
    '/v1/api-keys/{id}': async (tenant) => (await openKey(tenant, 'admin')).id,
    '/v1/calendar/feeds/{id}': async (tenant) => (await feeds.create(tenant.id, 'walk', OPERATOR)).feedId,
    '/v1/repositories/{id}': repositoryOf,
    '/v1/repositories/{id}/baseline': repositoryOf,
    '/v1/repositories/{id}/baseline/versions': acceptedOf,
    '/v1/repositories/{id}/baseline/drift': acceptedOf,
    '/v1/quotas/{id}': quotaOf,
    '/v1/quotas/{id}/override': quotaOf,
    '/v1/sessions/{id}': async (tenant) => (await openSession(tenant, 'viewer')).id,
    '/v1/members/{userId}': async (tenant) => (await addMember(tenant, 'viewer')).userId,
    '/v1/invitations/{id}': async (tenant) => {
      people += 1
      return (await platform.memberships.invite({ ...OPERATOR, tenantId: tenant.id, role: 'owner' }, { invitee: { userId: String(people) }, role: 'viewer', days: 1 }))._id
    },
  }
  const BODIES: Readonly<Record<string, unknown>> = {
    'PUT /v1/members/:userId': { role: 'member' },
    'POST /v1/findings/:id/dismiss': { reason: 'known', until: '2099-01-01' },
    'PUT /v1/repositories/:id/baseline': { reason: 'audited' },
    'POST /v1/models': { id: 'local-model', provider: 'openai', windowTokens: 100_000, outputLimitTokens: 8_192, alias: 'fast' },
    'POST /v1/models/end': { id: 'nothing', lastDay: '2026-11-02' },
    'POST /v1/prices': { model: 'local', effectiveFrom: '2026-11-01', tiers: [{ input: 1, output: 1 }], source: 'a contract', readOn: '2026-11-01' },
    'POST /v1/prices/end': { model: 'nothing', effectiveFrom: '2026-11-01', effectiveTo: '2026-11-02' },
    'PUT /v1/quotas/:id': { limits: {} },
    'PUT /v1/quotas/:id/override': { limits: {}, reason: 'a release', until: '2099-01-01T00:00:00Z' },
  }

  const document = (await (await fetch(`${service.url}/docs/json`)).json()) as OpenApiDocument
  const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((name): WalkedRoute => {
    const method = name.toUpperCase()
    return { key: `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, method, path }
  }))

  return {
    routes,
    creates: ({ key }: WalkedRoute): boolean => CREATING.has(key),
    bodyFor: (key: string): unknown => BODIES[key],
    /** Whether there is something of its own behind this route's parameters. */
    knows: ({ path }: WalkedRoute): boolean => path in IDS,
    headersOf: async (caller: Caller): Promise<Headers> => {
      if (caller.kind === 'person') return (await openSession(ours, caller.role)).headers
      if (caller.kind === 'key') return (await openKey(ours, caller.scope)).headers
      if (caller.kind === 'run') return runOf(4242)
      return NOBODY[caller.name]?.() ?? Promise.reject(new Error(`nobody is '${caller.name}'`))
    },
    call: async ({ method, path }: WalkedRoute, headers: Headers, { ids = 'none', body }: { readonly ids?: 'none' | 'own' | 'of the other organisation'; readonly body?: unknown } = {}) => {
      const id = ids === 'none' ? 'nothing' : ((await IDS[path]?.(ids === 'own' ? ours : theirs)) ?? 'nothing')
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await fetch(`${service.url}${path.replaceAll(/\{\w+\}/g, id)}`, {
        method, redirect: 'manual', headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...content,
      })
      await expectDeclaredResponse(document, method, response)
      const isProblem = response.headers.get('content-type')?.includes('problem+json') === true
      const code = isProblem ? ((await response.json()) as { code: string }).code : null
      if (!isProblem) await response.body?.cancel()
      return { status: response.status, code }
    },
    close: async () => {
      await service.kill('SIGTERM')
      await issuer.close()
      await database.close()
    },
  }
}
