// What an admin sees of quotas and changes about them. Every change is in the audit log with what was before.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { usedIn, type CountersStore, type Limits } from './counters-store.ts'
import { dayOf, monthOf, resetOf, type Period } from './periods.ts'
import { limitsAt, type Quota, type QuotasStore } from './quotas-store.ts'
import type { QuotaWire } from './shown-quota-schema.ts'
import { parseQuotaId, quotaIdOf } from './subjects.ts'

interface Parts {
  readonly quotas: QuotasStore
  readonly counters: CountersStore
  readonly audit: AuditStore
  readonly clock: Clock
}

export interface By {
  readonly tenantId: string
  readonly actor: string
  readonly correlationId: string | null
}

interface OverrideRequest {
  readonly limits: Limits
  readonly reason: string
  /** ISO 8601. */
  readonly until: string
}

export type QuotasAdministration = ReturnType<typeof createQuotasAdministration>

const MOST_QUOTAS = 1_000

/** Ids are names: `tenant`, `actor:octocat`. A wrong one throws QUOTA_ID_INVALID, one without limits QUOTA_NOT_FOUND. */
export function createQuotasAdministration(parts: Parts) {
  const { quotas, clock } = parts
  const existing = async (tenantId: string, text: string): Promise<Quota> => {
    const id = quotaIdOf(parseQuotaId(text))
    const found = await quotas.for(tenantId).get(id)
    if (found === null) throw new AppError('QUOTA_NOT_FOUND', { detail: id })
    return found
  }
  return {
    list: async (tenantId: string) => {
      const found = await quotas.for(tenantId).list({ limit: MOST_QUOTAS })
      return Promise.all(found.map((quota) => withUse(parts, tenantId, quota)))
    },
    get: async (tenantId: string, id: string) => withUse(parts, tenantId, await existing(tenantId, id)),
    set: async (name: string, wanted: Pick<Quota, 'limits' | 'warnAtPercent'>, by: By) => {
      const id = quotaIdOf(parseQuotaId(name))
      const before = await quotas.for(by.tenantId).get(id)
      return change(parts, by, { before, after: { id, ...wanted, override: before?.override ?? null } })
    },
    /** Throws BODY_INVALID for a time that is over. */
    override: async (name: string, { limits, reason, until: text }: OverrideRequest, by: By) => {
      const before = await existing(by.tenantId, name)
      const until = new Date(text)
      if (until <= clock()) throw new AppError('BODY_INVALID', { detail: `until must be in the future, and ${text} is not` })
      return change(parts, by, { before, after: { ...before, override: { limits, reason, until, by: by.actor } } })
    },
    remove: async (name: string, by: By) => {
      const before = await existing(by.tenantId, name)
      await quotas.for(by.tenantId).remove(before.id)
      await record(parts, by, { id: before.id, before, after: null })
    },
  }
}

interface Change {
  readonly before: Quota | null
  readonly after: Quota | null
}

async function change(parts: Parts, by: By, { before, after }: Change & { readonly after: Quota }) {
  await parts.quotas.for(by.tenantId).put(after)
  await record(parts, by, { id: after.id, before, after })
  return withUse(parts, by.tenantId, after)
}

async function record({ audit }: Parts, { tenantId, actor, correlationId }: By, { id, before, after }: Change & { readonly id: string }): Promise<void> {
  const text = (quota: Quota | null) => (quota === null ? null : JSON.stringify(quota))
  const action = after === null ? 'quota.removed' : 'quota.set'
  await audit.for(tenantId).append({ actor, action, subject: id, details: { before: text(before), after: text(after) }, correlationId })
}

async function withUse({ counters, clock }: Parts, tenantId: string, quota: Quota): Promise<QuotaWire> {
  const now = clock()
  const day = dayOf(now)
  const subject = parseQuotaId(quota.id)
  const holding: Limits = limitsAt(quota, now)
  // One for all of a kind has no counter: each subject has its own.
  const counter = subject.id === '*' ? null : await counters.for(tenantId).get(subject, monthOf(now))
  const useIn = (period: Period): QuotaWire[Period] => ({ limits: holding[period], used: subject.id === '*' ? null : usedIn(counter, period, day), resetsAt: resetOf(period, day).toISOString() })
  return {
    ...quota,
    warnAtPercent: [...quota.warnAtPercent],
    warned: counter === null ? [] : [...counter.warned],
    override: quota.override === null ? null : { ...quota.override, until: quota.override.until.toISOString() },
    day: useIn('day'),
    month: useIn('month'),
  }
}
