// A process that reserves on the parent's command: told what and how often by a message, it answers with how many were granted.
import { connect } from '../../../control-plane/database/connect.ts'
import { createTenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { hasCode } from '../../../control-plane/errors.ts'
import type { ReservationRequest } from '../../../control-plane/quotas/quotas-service.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { ledgerOn } from './ledger-on.ts'

export interface Order {
  readonly requests: readonly ReservationRequest[]
  readonly dispatches: boolean
}

export interface Outcome {
  readonly granted: number
  readonly refused: number
  readonly failed: readonly string[]
}

const [uri = '', databaseName = '', nowMs = ''] = process.argv.slice(2)
const { db, close } = connect({ uri: new Secret(uri), databaseName, direct: false })
const { service } = ledgerOn(createTenantCollections(db), () => new Date(Number(nowMs)))

process.on('message', ({ requests, dispatches }: Order) => {
  void Promise.allSettled(requests.map(async (request) => {
    const { reservationId } = await service.reserve(request)
    if (dispatches) await service.dispatch(reservationId)
  })).then((results) => {
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    const failed = reasons.filter((reason) => !hasCode(reason, 'QUOTA_EXCEEDED')).map(String)
    const outcome: Outcome = { granted: results.length - reasons.length, refused: reasons.length - failed.length, failed }
    process.send?.(outcome)
  })
})
process.on('disconnect', () => void close())
process.send?.('ready')
