// A span for every request of the API, under the caller's where it sends a traceparent. Named by the route's pattern.
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { typeOfError } from '../tracing/error-attributes.ts'
import type { Span, Tracing } from '../tracing/tracing.ts'

/** `prefix`: of the routes that have one. */
export function traceRequests(app: FastifyInstance, { tracing, prefix }: { readonly tracing: Pick<Tracing, 'begin'>; readonly prefix: string }): void {
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers, id, routeOptions: { url: route } } = request
    if (route?.startsWith(`${prefix}/`) !== true) return done()
    const traceparent = headers.traceparent
    const attributes = { 'http.request.method': method, 'http.route': route, 'autodevops.correlation_id': id }
    const span = tracing.begin(`${method} ${route}`, { kind: 'server', parent: typeof traceparent === 'string' ? traceparent : null, attributes })
    spans.set(request, span)
    // Comes after the last byte, and also when the caller has gone.
    reply.raw.once('close', () => {
      const principal = request.principal as typeof request.principal | undefined
      span.set({ 'http.response.status_code': reply.statusCode, ...(principal === undefined ? {} : { 'autodevops.tenant_id': principal.tenantId }) })
      span.end()
    })
    span.within(done)
  })
  // The body arrives in the asynchronous context of its connection.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request)
    if (span === undefined) done()
    else span.within(done)
  })
  app.addHook('onError', (request, _reply, error, done) => {
    const span = spans.get(request)
    if (isOurs(error)) span?.fail(error)
    else span?.set({ 'error.type': typeOfError(error) })
    done()
  })
}

const isOurs = (error: FastifyError): boolean => (error instanceof AppError ? error.row.status : (error.statusCode ?? 500)) >= 500
