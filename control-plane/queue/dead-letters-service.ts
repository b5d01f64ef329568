// What an operator does with dead letters: looks, and puts one back into the backlog with all its attempts.
import type { AnalysesStore } from '../analyses/analyses-store.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import type { Admission } from './admit.ts'
import type { DeadLetter, DeadLettersStore } from './dead-letters-store.ts'

export interface DeadLettersService {
  list(tenantId: string | undefined, page: Page): Promise<DeadLetter[]>
  /** Throws DEAD_LETTER_NOT_FOUND, or ANALYSIS_STATE when the analysis was submitted again meanwhile. */
  requeue(tenantId: string, id: string, by: { readonly actor: string; readonly correlationId: string | null }): Promise<void>
}

interface Parts {
  readonly letters: DeadLettersStore
  readonly analyses: AnalysesStore
  readonly admission: Pick<Admission, 'admit'>
  readonly audit: AuditStore
}

export function createDeadLettersService({ letters, analyses, admission, audit }: Parts): DeadLettersService {
  return {
    list: (tenantId, page) => letters.list(tenantId, page),
    requeue: async (tenantId, id, { actor, correlationId }) => {
      const letter = await letters.get(tenantId, id)
      if (letter === null) throw new AppError('DEAD_LETTER_NOT_FOUND')
      const isQueued = await analyses.for(tenantId).queueAgain(id, ['failed'], {})
      await letters.remove(tenantId, id)
      if (!isQueued) throw new AppError('ANALYSIS_STATE', { detail: 'it was submitted again meanwhile' })
      await audit.for(tenantId).append({ actor, action: 'analysis.requeued', subject: id, details: { code: letter.code }, correlationId })
      await admission.admit(tenantId)
    },
  }
}
