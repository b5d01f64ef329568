// Lets clients send their body compressed. The limit counts the inflated bytes, and inflating stops where it is reached:
// Fastify stops reading, the answer goes out, and the stream is destroyed with it.
import { createGunzip } from 'node:zlib'
import type { RequestPayload, preParsingHookHandler } from 'fastify'
import { AppError } from '../errors.ts'

/** Nobody reads the body of these. */
const BODYLESS = ['GET', 'HEAD']

export const inflateBody: preParsingHookHandler = (request, reply, payload, done) => {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || BODYLESS.includes(request.method)) {
    done(null, payload)
    return
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    done(new AppError('MEDIA_TYPE_UNSUPPORTED', { detail: `content-encoding ${encoding.slice(0, 50)}` }))
    return
  }
  const inflated: RequestPayload = createGunzip()
  // Whoever reads it hears of damage too. A request that is refused before leaves nobody to hear, and the process must not end of it.
  inflated.on('error', () => undefined)
  inflated.receivedEncodedLength = 0
  payload.on('data', (chunk: Buffer) => {
    inflated.receivedEncodedLength = (inflated.receivedEncodedLength ?? 0) + chunk.length
  })
  payload.on('error', (error) => (inflated as ReturnType<typeof createGunzip>).destroy(error))
  reply.raw.once('close', () => (inflated as ReturnType<typeof createGunzip>).destroy())
  payload.pipe(inflated as ReturnType<typeof createGunzip>)
  done(null, inflated)
}
