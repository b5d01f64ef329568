// GET /v1/pull-requests: the fix pull requests of an organisation, and how much of their budget is used.
import { z } from 'zod'
import { severitySchema } from '../../contract/findings.ts'
import type { AppRoutes } from '../app-route.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import type { BudgetUse, PullRequestsService, ShownPullRequest } from './pull-requests-service.ts'
import { SHOWN_STATES } from './shown-state.ts'

const count = z.int().min(0)
const stateSchema = z.enum(SHOWN_STATES)

const query = z.strictObject({
  state: stateSchema.optional(),
  severity: severitySchema.optional().describe('Of the gravest finding that it repairs'),
  repository: z.string().max(64).optional().describe("The repository's id"),
  ...cursorQuery,
})
const budgetSchema = z.strictObject({
  maxOpen: count, open: count.describe('Places that are taken: open ones, and those that are being opened'),
  maxPerDay: count, openedToday: count.describe('Places of this UTC day that are taken'), dayEndsAt: z.iso.datetime(),
  waiting: count.describe('Repositories that have fixes and wait for room'),
})
const itemSchema = z.strictObject({
  repositoryId: z.string(), repository: z.string().describe('owner/name, as it was called last'),
  state: stateSchema.describe('As the service saw it last. waiting: for room in the budget; opening: the code host has not answered yet; snoozed: not before its day; closed: by us or by a person'),
  since: z.iso.datetime().describe('Of the state; of what is snoozed, since it was closed'),
  snoozedUntil: z.iso.datetime().nullable().describe('Null unless it is snoozed'),
  number: z.int().nullable().describe('Null before it is opened'), url: z.string().nullable(),
  openedAt: z.iso.datetime().nullable().describe('When it was first seen open; null before, and where nobody knows'),
  severity: severitySchema, fixes: z.enum(['safe', 'all']).describe('Which fixes it has'),
  repairs: z.strictObject({ findings: count, files: count, paths: z.array(z.string()).describe('Of the first 100 files') }).nullable().describe('What it repairs, or would; null where nobody knows'),
})

export function createPullRequestsRoutes({ service }: { readonly service: PullRequestsService }): AppRoutes {
  return (scope) => {
    scope.get('/pull-requests', {
      schema: {
        tags: ['pull-requests'], summary: 'Fix pull requests, those that wait, and how much of their budget is used', querystring: query,
        response: { 200: z.strictObject({ budget: budgetSchema, items: z.array(itemSchema), next: z.string().nullable() }) },
        errors: ['CURSOR_INVALID'],
      },
    }, async ({ principal: { tenantId }, query: { cursor, limit, ...filters } }) => {
      const identity = { list: 'pull-requests', tenantId, filters }
      const { state, severity, repository: repositoryId } = filters
      const page = await service.list(tenantId, { state, severity, repositoryId }, { after: readCursor(identity, cursor), limit })
      return { budget: toBudget(await service.budget(tenantId)), items: page.map(toItem), next: nextCursor(identity, page, limit) }
    })
  }
}

const toBudget = ({ dayEndsAt, ...budget }: BudgetUse): z.infer<typeof budgetSchema> => ({ ...budget, dayEndsAt: dayEndsAt.toISOString() })

function toItem({ repositoryId, repository, state, since, snoozedUntil, number, url, openedAt, severity, fixes, repairs }: ShownPullRequest): z.infer<typeof itemSchema> {
  return {
    repositoryId, repository, state, since: since.toISOString(), snoozedUntil: state === 'snoozed' ? (snoozedUntil?.toISOString() ?? null) : null,
    number, url, openedAt: openedAt?.toISOString() ?? null, severity, fixes, repairs: repairs === undefined ? null : { ...repairs, paths: [...repairs.paths] },
  }
}
