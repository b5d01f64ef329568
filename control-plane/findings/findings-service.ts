// Findings across the organisation: what is asked for, and what is decided about single ones. A decision silences the finding
// from the next analysis on; the list shows it at once.
import { z } from 'zod'
import type { AuditStore } from '../audit/audit-store.ts'
import { actorOf, type Principal } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import { filledText } from '../http/request-fields.ts'
import { toStoredFinding, type StoredFindingWire } from './finding-document.ts'
import type { FindingQuery, FindingsStore } from './findings-store.ts'

export const dismissalSchema = z.strictObject({
  reason: filledText(1_000, 'say why'),
  /** The last day on which it holds; without one it holds until it is taken back. */
  until: z.iso.date('a date is written YYYY-MM-DD').nullable().default(null),
})

interface Context {
  readonly principal: Principal
  readonly correlationId: string
}

export interface FindingsService {
  list(principal: Principal, query: FindingQuery, page: Page): Promise<{ readonly items: StoredFindingWire[]; readonly next: string | null }>
  /** Throws FINDING_NOT_FOUND, or FINDING_STATE for one that is fixed or suppressed in the repository itself. */
  dismiss(id: string, dismissal: z.infer<typeof dismissalSchema>, context: Context): Promise<StoredFindingWire>
  /** Throws FINDING_NOT_FOUND, or FINDING_STATE for one that is not dismissed. */
  undismiss(id: string, context: Context): Promise<StoredFindingWire>
}

interface Parts {
  readonly store: FindingsStore
  readonly audit: AuditStore
  readonly clock: Clock
}

export function createFindingsService(parts: Parts): FindingsService {
  const { store, clock } = parts
  return {
    list: async ({ tenantId }, query, page) => {
      const items = (await store.for(tenantId).list(query, page)).map(toStoredFinding)
      return { items, next: items.length === page.limit ? (items.at(-1)?.id ?? null) : null }
    },
    dismiss: (id, { reason, until }, context) => {
      const dismissal = { by: actorOf(context.principal), reason, until, at: clock() }
      return decide(parts, context, { id, action: 'finding.dismissed', from: ['open', 'dismissed'], to: { state: 'dismissed', dismissal } })
    },
    undismiss: (id, context) => decide(parts, context, { id, action: 'finding.undismissed', from: ['dismissed'], to: { state: 'open', dismissal: null } }),
  }
}

type Decide = ReturnType<FindingsStore['for']>['decide']

interface Decision {
  readonly id: string
  readonly action: string
  readonly from: Parameters<Decide>[1]
  readonly to: Parameters<Decide>[2]
}

async function decide({ store, audit }: Parts, { principal, correlationId }: Context, { id, action, from, to }: Decision): Promise<StoredFindingWire> {
  const { tenantId } = principal
  const own = store.for(tenantId)
  const found = await own.get(id)
  if (found === null) throw new AppError('FINDING_NOT_FOUND', { detail: id })
  if (!(await own.decide(id, from, to))) throw new AppError('FINDING_STATE', { detail: `it is ${found.state}` })
  const details = {
    repository: found.repository, ruleId: found.ruleId, before: found.state, after: to.state,
    reason: to.dismissal?.reason ?? found.dismissal?.reason ?? null, until: to.dismissal?.until ?? null,
  }
  await audit.for(tenantId).append({ actor: actorOf(principal), action, subject: id, details, correlationId })
  return toStoredFinding({ ...found, ...to })
}
