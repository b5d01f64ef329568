// Accepts deliveries: proves who sent them, keeps what of them is worth keeping, and knows those that came before.
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
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
}

export function createWebhooksService({ deliveries, secrets, issuerHost }: Parts): WebhooksService {
  return {
    accept: async ({ deliveryId, event, signature, body }) => {
      if (!isSigned(body, signature, secrets)) throw new AppError('WEBHOOK_SIGNATURE')
      const read = readPayload(event, body)
      if (read === null) return 'ignored'
      return (await deliveries.for(tenantIdOf(issuerHost, read.ownerId)).add({ deliveryId, ...read })) ? 'accepted' : 'known'
    },
  }
}

function readPayload(event: string, body: Buffer): WebhookEvent | null {
  try {
    return readWebhookEvent(event, JSON.parse(body.toString('utf8')))
  } catch (cause) {
    throw new AppError('BODY_MALFORMED', { detail: `the payload of ${event} is not as GitHub documents it`, cause })
  }
}
