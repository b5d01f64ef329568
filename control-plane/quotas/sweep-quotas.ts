// Ends what nobody ended: reservations that expired, and those whose process died between two writes. Not sent: given back.
// Sent: settled at the most that the call could use, because the provider has billed it. Any number may sweep at once.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logging.ts'
import { closeReservation } from './close-reservation.ts'
import type { CountersStore } from './counters-store.ts'
import type { ReservationDocument, ReservationsStore } from './reservations-store.ts'

export interface QuotasSweepResult {
  readonly returned: number
  readonly settled: number
  readonly closed: number
}

interface Parts {
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
  readonly audit: AuditStore
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
}

const AT_ONCE = 200
const CLOSING_MS = 60_000

export function createQuotasSweep(parts: Parts): () => Promise<QuotasSweepResult> {
  const { reservations, clock, logger } = parts
  return async () => {
    const counts = { returned: 0, settled: 0, closed: 0 }
    for (const found of await reservations.due(clock(), AT_ONCE)) {
      const ended = await end(parts, found)
      if (ended === null) continue
      if (ended.isSettledByExpiry) await tell(parts, ended)
      await closeReservation(parts, ended)
      counts[ended.state === found.state ? 'closed' : ended.state === 'settled' ? 'settled' : 'returned'] += 1
    }
    if (counts.returned + counts.settled + counts.closed > 0) logger.warn({ sweep: counts }, 'the sweep ended reservations')
    return counts
  }
}

/** Whoever made the call died with it: this is its entry. Written before the record is closed, under the record's own id, so exactly once. */
async function tell({ audit }: Parts, { _id: id, tenantId, actor, repositoryId, purpose, model, asked }: ReservationDocument): Promise<void> {
  const details = { purpose, model, tokens: asked.tokens, costMicroUsd: asked.costMicroUsd }
  await audit.for(tenantId).appendOnce(id, { actor, action: 'model.call-lost', subject: repositoryId, details, correlationId: null })
}

/** The record as it ends; null when somebody else was faster. */
async function end({ reservations, clock }: Parts, found: ReservationDocument): Promise<ReservationDocument | null> {
  const own = reservations.for(found.tenantId)
  const dueAt = new Date(clock().getTime() + CLOSING_MS)
  switch (found.state) {
    case 'reserving':
    case 'reserved':
      return (await own.move(found._id, { from: found.state, to: 'returned' }, { dueAt })) ? { ...found, state: 'returned' } : null
    case 'dispatched': {
      const settled = { ...found.asked, model: found.model }
      const isMoved = await own.move(found._id, { from: 'dispatched', to: 'settled' }, { settled, isSettledByExpiry: true, dueAt })
      return isMoved ? { ...found, state: 'settled', settled, isSettledByExpiry: true } : null
    }
    default:
      return found
  }
}
