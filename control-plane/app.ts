// The HTTP service as a value: routes, authentication, limits, documentation and the form of every error. Used by main.ts
// and by the tests; listens to nothing by itself and knows no feature.
import { LogController, fastify, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AppRoutes } from './app-route.ts'
import type { Authenticate } from './auth/authenticate.ts'
import { guardRoutes } from './auth/guard-routes.ts'
import { actorOf } from './auth/principal.ts'
import { ROUTE_ACCESS, type RouteAccessTable } from './auth/route-access.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { closeIdleConnections } from './http/close-idle-connections.ts'
import { CORRELATION_HEADER, correlationIdOf } from './http/correlation-id.ts'
import { inflateBody } from './http/gzip-bodies.ts'
import { keepAnswers } from './http/idempotent-writes.ts'
import type { KeptAnswersStore } from './http/kept-answers-store.ts'
import { addOpenApiDocument } from './http/openapi-document.ts'
import { replyWithProblem } from './http/problem-replies.ts'
import { refuseHostileKeys } from './http/refuse-hostile-keys.ts'
import { refuseUnderPressure } from './http/event-loop-pressure.ts'
import type { RequestCounts } from './http/request-counts.ts'
import { createRequestLimiter, limitOpenRoutes, type RequestLimiter } from './http/request-limits.ts'
import { traceRequests } from './http/trace-requests.ts'
import { answerUnknownRoutes } from './http/unknown-routes.ts'
import type { Logger } from './logging.ts'
import type { Metrics } from './operations/metrics.ts'
import { addOperationsRoutes, type ReadinessCheck } from './operations/operations-routes.ts'
import { NO_TRACING, type Tracing } from './tracing/tracing.ts'

export interface AppServices {
  readonly config: Pick<Config, 'publicUrl' | 'trustedProxies' | 'requestLimits' | 'maxEventLoopDelayMs'>
  readonly counts: RequestCounts
  readonly logger: Logger
  readonly metrics: Metrics
  /** Left out: no traces are kept. */
  readonly tracing?: Tracing
  readonly authenticate: Authenticate
  /** What writes with an idempotency key are kept in. */
  readonly keptAnswers: { readonly answers: KeptAnswersStore; readonly clock: Clock }
  readonly readiness: readonly ReadinessCheck[]
  readonly routes: readonly AppRoutes[]
  /** Left out: the service's own table. */
  readonly access?: RouteAccessTable
  /** Under /v1 too, for callers that prove themselves otherwise than by credentials. */
  readonly openRoutes?: readonly ((scope: FastifyInstance) => void)[]
}

/** A whole request has to arrive within this time. */
const REQUEST_MS = 60_000
/** Of routes that set no limit of their own. */
const BODY_BYTES = 1024 * 1024
/** Characters of a part of a path; routes say what of that they take. */
const LONGEST_PARAMETER = 300
const API = '/v1'

export async function buildApp(services: AppServices): Promise<FastifyInstance> {
  const { config, logger, metrics, readiness, tracing = NO_TRACING } = services
  const loggerInstance: FastifyBaseLogger = logger
  const app = fastify({
    loggerInstance,
    genReqId: correlationIdOf,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    trustProxy: (_address, hop) => hop < config.trustedProxies,
    // Requests that arrive while the service stops are still answered; new connections are not accepted.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      void replyWithProblem(error, request, reply)
    },
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(replyWithProblem)
  if (tracing !== NO_TRACING) traceRequests(app, { tracing, prefix: API })
  closeIdleConnections(app)
  observe(app, metrics)
  answerUnknownRoutes(app)
  addOperationsRoutes(app, { metrics, readiness })
  await addOpenApiDocument(app, config.publicUrl)
  const limiter = await createRequestLimiter(app, { limits: config.requestLimits, counts: services.counts })
  await app.register(async (scope) => addApi(scope, services, limiter), { prefix: API })
  for (const add of services.openRoutes ?? []) {
    await app.register((scope, _options, done) => {
      limitOpenRoutes(scope, limiter)
      add(scope)
      done()
    }, { prefix: API })
  }
  return app
}

async function addApi(scope: FastifyInstance, { config, authenticate, keptAnswers, routes, access = ROUTE_ACCESS }: AppServices, limiter: RequestLimiter): Promise<void> {
  scope.setValidatorCompiler(validatorCompiler)
  scope.setSerializerCompiler(serializerCompiler)
  await refuseUnderPressure(scope, config.maxEventLoopDelayMs)
  scope.addHook('onRequest', limiter.checkAddress)
  scope.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store')
    done()
  })
  guardRoutes(scope, { table: access, authenticate, failures: limiter.failures, publicUrl: config.publicUrl })
  scope.addHook('onRequest', limiter.limitActor)
  scope.addHook('onRequest', limiter.checkTenant)
  scope.addHook('preParsing', inflateBody)
  scope.addHook('preValidation', refuseHostileKeys)
  keepAnswers(scope, keptAnswers)
  routes.forEach((add) => add(scope.withTypeProvider<ZodTypeProvider>()))
}

function observe(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(CORRELATION_HEADER, request.id).header('x-content-type-options', 'nosniff')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    const route = routeOptions.url ?? 'unknown'
    const principal = request.principal as typeof request.principal | undefined
    metrics.requestSeconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
    request.log.info({ method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ...(principal === undefined ? {} : { tenantId: principal.tenantId, actor: actorOf(principal) }) }, 'request')
    done()
  })
}
