// Lets clients send their body compressed. The limit counts the inflated bytes, and inflating stops where it is reached:
// Fastify stops reading, the answer goes out, and the stream is destroyed with it.
import { createGunzip } from 'node:zlib'
import type { RequestPayload, preParsingHookHandler } from 'fastify'
import { AppError } from '../errors.ts'

export const inflateBody: preParsingHookHandler = (request, reply, payload, done) => {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity') {
    done(null, payload)
    return
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    done(new AppError('MEDIA_TYPE_UNSUPPORTED', { detail: `content-encoding ${encoding.slice(0, 50)}` }))
    return
  }
  const inflated: RequestPayload = createGunzip()
  inflated.receivedEncodedLength = 0
  payload.on('data', (chunk: Buffer) => {
    inflated.receivedEncodedLength = (inflated.receivedEncodedLength ?? 0) + chunk.length
  })
  payload.on('error', (error) => (inflated as ReturnType<typeof createGunzip>).destroy(error))
  reply.raw.once('close', () => (inflated as ReturnType<typeof createGunzip>).destroy())
  payload.pipe(inflated as ReturnType<typeof createGunzip>)
  done(null, inflated)
}
