// Accepts deliveries: proves who sent them, keeps what of them is worth keeping, and knows those that came before.
import { AppError, hasCode } from '../errors.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { Secret } from '../secret.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { tenantIdOf } from '../tenants/tenants-store.ts'
import type { DeliveriesStore } from './deliveries-store.ts'
import { readWebhookEvent, type WebhookEvent } from './webhook-event.ts'
import { isSigned } from './webhook-signature.ts'

export interface SignedDelivery {
  readonly deliveryId: string
  readonly event: string
  readonly signature: string
  /** As it came. */
  readonly body: Buffer
}

export interface WebhooksService {
  /** Throws WEBHOOK_SIGNATURE, or BODY_MALFORMED for a signed payload that is not the event's. */
  accept(delivery: SignedDelivery): Promise<'accepted' | 'known' | 'ignored'>
}

interface Parts {
  readonly deliveries: DeliveriesStore
  readonly secrets: readonly Secret[]
  readonly issuerHost: string
  readonly metrics: Pick<Metrics, 'webhookDeliveries'>
  readonly tracing: Pick<Tracing, 'traceparent'>
}

export function createWebhooksService(parts: Parts): WebhooksService {
  const count = (outcome: string): void => parts.metrics.webhookDeliveries.inc({ outcome })
  return {
    accept: async (delivery) => {
      try {
        const outcome = await accept(parts, delivery)
        count(outcome)
        return outcome
      } catch (error) {
        count(hasCode(error, 'WEBHOOK_SIGNATURE', 'BODY_MALFORMED') ? 'refused' : 'failed')
        throw error
      }
    },
  }
}

async function accept({ deliveries, secrets, issuerHost, tracing }: Parts, { deliveryId, event, signature, body }: SignedDelivery): ReturnType<WebhooksService['accept']> {
  if (!isSigned(body, signature, secrets)) throw new AppError('WEBHOOK_SIGNATURE')
  const read = readPayload(event, body)
  if (read === null) return 'ignored'
  const traceparent = tracing.traceparent()
  return (await deliveries.for(tenantIdOf(issuerHost, read.ownerId)).add({ deliveryId, ...read, ...(traceparent === null ? {} : { traceparent }) })) ? 'accepted' : 'known'
}

function readPayload(event: string, body: Buffer): WebhookEvent | null {
  try {
    return readWebhookEvent(event, JSON.parse(body.toString('utf8')))
  } catch (cause) {
    throw new AppError('BODY_MALFORMED', { detail: `the payload of ${event} is not as GitHub documents it`, cause })
  }
}
