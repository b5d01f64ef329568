// GET /v1/findings, POST /v1/findings/:id/dismiss and .../undismiss.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { pageQuerySchema } from '../http/page-query.ts'
import { queryNumber } from '../http/request-fields.ts'
import { FINDING_STATES, storedFindingSchema } from './finding-document.ts'
import { dismissalSchema, type FindingsService } from './findings-service.ts'

const params = z.strictObject({ id: z.string().max(64) })
const query = z.strictObject({
  ...pageQuerySchema.shape,
  rule: z.string().max(100).optional(),
  severity: storedFindingSchema.shape.severity.optional(),
  repository: z.string().max(64).optional().describe("The repository's id"),
  state: z.enum(FINDING_STATES).optional(),
  minAgeDays: queryNumber(0, 36_500).optional(),
})

export function createFindingsRoutes({ service, clock }: { readonly service: FindingsService; readonly clock: Clock }): AppRoutes {
  return (scope) => {
    scope.get('/findings', {
      schema: {
        tags: ['findings'], summary: 'Findings of default branches across the organisation', querystring: query,
        response: { 200: z.strictObject({ items: z.array(storedFindingSchema), next: z.string().nullable() }) },
      },
    }, ({ principal, query: { rule, severity, repository, state, minAgeDays, after, limit } }) => {
      const firstSeenBefore = minAgeDays === undefined ? undefined : new Date(clock().getTime() - minAgeDays * DAY_MS)
      return service.list(principal, { ruleId: rule, severity, repositoryId: repository, state, firstSeenBefore }, { after, limit })
    })

    scope.post('/findings/:id/dismiss', {
      schema: { tags: ['findings'], summary: 'Silence one finding, with a reason, for a time or until it is taken back', params, body: dismissalSchema, response: { 200: storedFindingSchema }, errors: ['FINDING_NOT_FOUND', 'FINDING_STATE'] },
    }, ({ principal, params: { id }, body, id: correlationId }) => {
      return service.dismiss(id, body, { principal, correlationId })
    })

    scope.post('/findings/:id/undismiss', {
      schema: { tags: ['findings'], summary: 'Take a dismissal back', params, response: { 200: storedFindingSchema }, errors: ['FINDING_NOT_FOUND', 'FINDING_STATE'] },
    }, ({ principal, params: { id }, id: correlationId }) => {
      return service.undismiss(id, { principal, correlationId })
    })
  }
}
