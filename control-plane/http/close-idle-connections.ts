// A service that stops ends each connection with the answer that is under way on it, and those on which nothing was ever asked: what
// its callers keep open would hold it until they leave. What is idle when it begins to stop is closed by Fastify.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** For a request that is already on its way. */
const SILENT_MS = 500

export function closeIdleConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>()
  let isStopping = false
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.on('request', ({ socket }) => { silent.delete(socket) })
  app.addHook('preClose', (done) => {
    isStopping = true
    setTimeout(() => { silent.forEach((socket) => socket.destroy()) }, SILENT_MS).unref()
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    if (isStopping) app.server.closeIdleConnections()
    done()
  })
}
