// POST /v1/webhooks/github. Nobody is signed in here: the signature over the bytes is the proof, and it is looked at before anything
// of the body is. Answers as soon as the delivery is stored; what it asks for is done by a worker.
import type { FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { isSignature, SIGNATURE } from './webhook-signature.ts'
import type { WebhooksService } from './webhooks-service.ts'

/** GitHub sends no larger payload. */
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024
const answerSchema = z.strictObject({ state: z.enum(['accepted', 'known', 'ignored']) })
/** The bytes as they came: the signature is over them. */
const payloadSchema = z.custom<Buffer>((value) => Buffer.isBuffer(value), 'the payload is missing').meta({ type: 'object', description: "The event's payload, as GitHub documents it" })
const headersSchema = z.looseObject({
  'x-hub-signature-256': z.string().regex(SIGNATURE).describe('HMAC-SHA256 of the body with a webhook secret of this service'),
  'x-github-event': z.string().regex(/^[a-z_]{1,100}$/),
  'x-github-delivery': z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
})

export function createWebhooksRoutes({ service }: { readonly service: WebhooksService }): (scope: FastifyInstance) => void {
  return (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>()
    scope.setValidatorCompiler(validatorCompiler)
    scope.setSerializerCompiler(serializerCompiler)
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })
    scope.post('/webhooks/github', {
      bodyLimit: MAX_PAYLOAD_BYTES,
      // A forger's body is not even read when its signature has no form.
      onRequest: (request, _reply, done) => { done(isSignature(request.headers['x-hub-signature-256']) ? undefined : new AppError('WEBHOOK_SIGNATURE')) },
      schema: { tags: ['webhooks'], summary: 'Deliveries of the GitHub App', description: 'The signature, by a webhook secret of this service, stands for credentials.', headers: headersSchema, body: payloadSchema, response: { 202: answerSchema }, errors: ['WEBHOOK_SIGNATURE'] },
    }, async (request, reply) => {
      const { 'x-hub-signature-256': signature, 'x-github-event': event, 'x-github-delivery': deliveryId } = request.headers
      return reply.status(202).send({ state: await service.accept({ deliveryId, event, signature, body: request.body }) })
    })
  }
}
