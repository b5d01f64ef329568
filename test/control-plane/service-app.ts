// The service over HTTP for tests: routes of the fixture's modules behind real API keys.
import { buildApp, type AppServices } from '../../control-plane/app.ts'
import type { AppRoutes } from '../../control-plane/app-route.ts'
import { createAuthenticate } from '../../control-plane/auth/authenticate.ts'
import type { Scope } from '../../control-plane/auth/principal.ts'
import { AppError } from '../../control-plane/errors.ts'
import { createLogger } from '../../control-plane/logging.ts'
import { createMetrics } from '../../control-plane/operations/metrics.ts'
import type { ServiceFixture } from './analyses/service-fixture.ts'
import { expectDeclaredResponse, type OpenApiDocument } from './http/declared-answers.ts'
import { keptAnswersOf } from './kept-answers-of.ts'
import { OPEN_LIMITS, newCounts } from './open-limits.ts'

export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface ServiceApp {
  readonly address: string
  keyOf(tenantId: string, scopes: readonly Scope[]): Promise<string>
  call<T>(key: string, path: string, init?: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> }): Promise<Answer<T>>
  close(): Promise<void>
}

export async function startServiceApp({ platform }: Pick<ServiceFixture, 'platform'>, routes: readonly AppRoutes[], openRoutes: NonNullable<AppServices['openRoutes']> = [], changes: Partial<AppServices> = {}): Promise<ServiceApp> {
  const app = await buildApp({
    config: { publicUrl: 'http://service.test', trustedProxies: 0, ...OPEN_LIMITS }, counts: newCounts(),
    logger: createLogger({ level: 'silent' }), metrics: createMetrics(), keptAnswers: keptAnswersOf(platform), readiness: [], routes, openRoutes,
    authenticate: createAuthenticate({ apiKeys: platform.apiKeys, oidcTokens: { verify: () => Promise.reject(new AppError('TOKEN_ISSUER')) } }),
    ...changes,
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const document = app.swagger() as unknown as OpenApiDocument
  return {
    address,
    keyOf: async (tenantId, scopes) => (await platform.apiKeys.create(tenantId, { name: 'test', scopes, expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal(),
    call: async <T>(key: string, path: string, { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) => {
      const response = await fetch(`${address}/v1${path}`, {
        method, headers: { ...headers, authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      await expectDeclaredResponse(document, method, response)
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T }
    },
    close: () => app.close(),
  }
}
