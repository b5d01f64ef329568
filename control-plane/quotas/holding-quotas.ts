// All quotas of an organisation at once, for those who look at many of its counters.
import type { CounterDocument } from './counters-store.ts'
import type { Quota, QuotasStore } from './quotas-store.ts'
import { quotaIdsFor } from './subjects.ts'

const MOST_QUOTAS = 1_000

/** Answers which quota holds for a counter's subject: its own, else the one for all of its kind. */
export async function readHoldingQuotas(quotas: QuotasStore, tenantId: string): Promise<(counter: Pick<CounterDocument, 'kind' | 'subjectId'>) => Quota | undefined> {
  const byId = new Map((await quotas.for(tenantId).list({ limit: MOST_QUOTAS })).map((quota) => [quota.id, quota]))
  return ({ kind, subjectId: id }) => quotaIdsFor({ kind, id }).map((each) => byId.get(each)).find((quota) => quota !== undefined)
}
