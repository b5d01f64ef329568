// The service's front door over HTTP: a real database, the gateway as GitHub with an OAuth application and an App, two tenants, a
// clock that tests move, and a browser that keeps cookies.
import { generateKeyPairSync } from 'node:crypto'
import { ROUTE_ACCESS } from '../../../control-plane/auth/route-access.ts'
import { assembleAccess } from '../../../control-plane/auth/assemble-access.ts'
import type { Scope } from '../../../control-plane/auth/principal.ts'
import type { Role } from '../../../control-plane/auth/roles.ts'
import { buildApp } from '../../../control-plane/app.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics } from '../../../control-plane/operations/metrics.ts'
import { createPlatformServices, platformIndexes, type PlatformServices } from '../../../control-plane/platform-services.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { Tenant } from '../../../control-plane/tenants/tenants-store.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import type { GithubPerson } from '../../github-gateway/oauth.ts'
import { startGateway, type Gateway } from '../../github-gateway/start-gateway.ts'
import { encryptionKey } from '../platform-fixture.ts'
import { expectDeclaredResponse, type OpenApiDocument } from '../http/declared-answers.ts'
import { keptAnswersOf } from '../kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from '../open-limits.ts'

export const SESSION_SECRET = 'canary-session-secret-of-more-than-43-characters'
export const PUBLIC_URL = 'https://autodevops.test'
export const OPERATOR = { actor: 'operator', correlationId: null }
const APPLICATION = { clientId: 'client', clientSecret: 'canary-client-secret', callbackUrl: `${PUBLIC_URL}/v1/auth/github/callback` }
const APP_ID = '77'

export interface AccessFixture {
  readonly database: TestDatabase
  readonly platform: PlatformServices
  readonly github: Gateway
  readonly acme: Tenant
  readonly rival: Tenant
  readonly logged: string[]
  /** The App's private key. */
  readonly appKey: Secret
  readonly clock: () => Date
  advance(ms: number): void
  /** Asks the service; a path that begins with PUBLIC_URL is its own too. Follows no redirect. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Signs in as this person from the first page to the last; gives the answer of the callback. */
  signIn(person: GithubPerson | null, query?: string): Promise<Response>
  /** A member's session, as a cookie header. */
  sessionOf(person: GithubPerson, role: Role, tenant?: Tenant): Promise<string>
  keyOf(tenant: Tenant, scopes: readonly Scope[], expiresAt?: Date): Promise<{ readonly id: string; readonly key: string }>
  close(): Promise<void>
}

export async function startAccess(): Promise<AccessFixture> {
  const [database, github] = await Promise.all([openTestDatabase(), startGateway()])
  await ensureIndexes(database.db, platformIndexes)
  github.oauth.register(APPLICATION)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  github.apps.registerApp(APP_ID, publicKey)
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  github.apps.followClock(clock)
  const logged: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } })
  const appKey = new Secret(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
  const config = {
    encryptionKeys: [encryptionKey('k1')], publicUrl: PUBLIC_URL, oidc: { issuers: ['https://issuer.test'], audience: PUBLIC_URL },
    github: { apiUrl: github.apiUrl, url: github.webUrl, paces: false },
    githubApp: { id: APP_ID, privateKey: appKey },
    signIn: { clientId: APPLICATION.clientId, clientSecret: new Secret(APPLICATION.clientSecret), sessionSecret: new Secret(SESSION_SECRET), sessionHours: 12 },
  }
  const platform = createPlatformServices({ db: database.db, config, clock, logger })
  const [acme, rival] = await Promise.all([['acme', '4242'], ['rival', '777']].map(([ownerName = '', ownerId = '']) =>
    platform.tenants.create({ issuerHost: 'issuer.test', ownerId, ownerName, aiEnabled: false })))
  if (acme === undefined || rival === undefined) throw new Error('no tenants')
  const { routes, authenticate } = assembleAccess({ platform, config, clock })
  const app = await buildApp({
    config: { publicUrl: PUBLIC_URL, trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(), logger, metrics: createMetrics(), keptAnswers: keptAnswersOf(platform), readiness: [], routes, authenticate, access: ROUTE_ACCESS,
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const document = app.swagger() as unknown as OpenApiDocument
  const ask: AccessFixture['ask'] = async (path, init = {}) => {
    const response = await fetch(`${address}${path.replace(PUBLIC_URL, '')}`, { redirect: 'manual', ...init })
    await expectDeclaredResponse(document, init.method ?? 'GET', response)
    return response
  }
  const signIn: AccessFixture['signIn'] = async (person, query = '') => {
    github.oauth.signInAs(person)
    const begun = await ask(`/v1/auth/github${query}`)
    const consented = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' })
    return ask(consented.headers.get('location') ?? '', { headers: { cookie: cookieOf(begun) } })
  }
  return {
    database, platform, github, acme, rival, logged, appKey, clock, ask, signIn,
    advance: (ms) => { offsetMs += ms },
    sessionOf: async (person, role, tenant = acme) => {
      await platform.memberships.put(tenant.id, { userId: String(person.id), login: person.login, role }, OPERATOR)
      return cookieOf(await signIn(person, `?tenant=${encodeURIComponent(tenant.id)}`))
    },
    keyOf: async (tenant, scopes, expiresAt) => {
      const { keyId, key } = await platform.apiKeys.create(tenant.id, { name: 'test', scopes, expiresAt: expiresAt ?? null }, OPERATOR)
      return { id: keyId, key: key.reveal() }
    },
    close: async () => {
      await app.close()
      await github.close()
      await database.close()
    },
  }
}

/** What a browser sends back of the cookies that an answer sets. */
export const cookieOf = (response: Response): string =>
  response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '').filter((cookie) => !cookie.endsWith('=')).join('; ')

export const codeOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code]
