// Addresses that do not exist, and addresses that exist for other methods: 404 and 405 with Allow.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { replyWithProblem } from './problem-replies.ts'

/** Call it before the routes are added, which it remembers, and after what every answer is to have. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const routes: { readonly parts: readonly string[]; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ parts: url.split('/'), methods: Array.isArray(method) ? method : [method] })
  })
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const parts = (request.url.split('?')[0] ?? '').split('/')
    const allowed = [...new Set(routes.filter((route) => matches(route.parts, parts)).flatMap(({ methods }) => methods))]
    if (allowed.length === 0) return replyWithProblem(new AppError('ROUTE_NOT_FOUND'), request, reply)
    void reply.header('allow', allowed.join(', '))
    return replyWithProblem(new AppError('METHOD_NOT_ALLOWED', { detail: `it takes ${allowed.join(', ')}` }), request, reply)
  }
  // Before the body is read: nothing in it makes the address exist.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answer(request, reply)
    else done()
  })
  app.setNotFoundHandler(answer)
}

/** Wildcards are left out: only the files of the documentation page have them, and a 404 is right there. */
const matches = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((part, index) => part === parts[index] || (part.startsWith(':') && parts[index] !== ''))
