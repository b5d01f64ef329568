// The ledger on a test database: stores, service, sweep and checker, with a clock that tests can move.
import { countersIndexes, type CounterDocument, type Limits } from '../../../control-plane/quotas/counters-store.ts'
import { checkQuotas, type QuotasCheck } from '../../../control-plane/quotas/check-quotas.ts'
import { NO_LIMITS } from '../../../control-plane/quotas/quotas-store.ts'
import type { ReservationRequest } from '../../../control-plane/quotas/quotas-service.ts'
import { reservationsIndexes, type ReservationDocument } from '../../../control-plane/quotas/reservations-store.ts'
import { parseQuotaId } from '../../../control-plane/quotas/subjects.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import { ledgerOn } from './ledger-on.ts'

export const TENANT = '4242@issuer.test'
export const DAY = '2026-11-27'
const MONTH = '2026-11'

export const limitsOf = (period: 'day' | 'month', limits: Partial<Limits['day']>): Limits => ({ ...NO_LIMITS, [period]: { ...NO_LIMITS[period], ...limits } })

export const requestOf = (changes: Partial<ReservationRequest> = {}): ReservationRequest => ({
  tenantId: TENANT, actor: 'api-key:a', repositoryId: '7', purpose: 'explain', model: 'm-1',
  requests: 1, tokens: 100, costMicroUsd: 50, expiresInMs: 60_000, ...changes,
})

export interface LedgerFixture extends ReturnType<typeof ledgerOn> {
  readonly database: TestDatabase
  readonly clock: () => Date
  setTime(iso: string): void
  advance(ms: number): void
  limit(id: string, limits: Limits, tenantId?: string): Promise<void>
  counter(id: string, tenantId?: string, month?: string): Promise<CounterDocument | null>
  record(id: string): Promise<ReservationDocument | null>
  check(tenantId?: string): Promise<QuotasCheck>
  close(): Promise<void>
}

export async function startLedgerFixture(): Promise<LedgerFixture> {
  const database = await openTestDatabase()
  await ensureIndexes(database.db, [countersIndexes, reservationsIndexes])
  let now = new Date(`${DAY}T12:00:00.000Z`).getTime()
  const clock = () => new Date(now)
  const ledger = ledgerOn(database.collections, clock)
  return {
    ...ledger, database, clock,
    setTime: (iso) => { now = new Date(iso).getTime() },
    advance: (ms) => { now += ms },
    limit: (id, limits, tenantId = TENANT) => ledger.quotas.for(tenantId).put({ id, limits, warnAtPercent: [80], override: null }),
    counter: (id, tenantId = TENANT, month = MONTH) => ledger.counters.for(tenantId).get(parseQuotaId(id), month),
    record: (id) => ledger.reservations.find(id),
    check: (tenantId = TENANT) => checkQuotas(ledger, tenantId, MONTH),
    close: () => database.close(),
  }
}
