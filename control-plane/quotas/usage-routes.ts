// GET /v1/usage and GET /v1/usage/forecast: what calls to models used, as JSON or CSV, and when a limit is reached at this rate.
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { METRICS } from './amounts.ts'
import { dayOf, monthOf } from './periods.ts'
import { USAGE_KEYS, type Usage, type UsageService, type UsageSpan } from './usage-service.ts'

const LONGEST_DAYS = 400
const DAY_MS = 86_400_000

const amount = z.int().min(0)
const rowSchema = z.strictObject({
  key: z.string(), requests: amount, tokens: amount, costMicroUsd: amount,
  open: amount.describe('Calls under way: in none of the other numbers'),
  unpriced: amount.describe('Calls whose price was not known: their cost counts as nothing'),
  assumed: amount.describe('Calls of which nobody said what they used: settled at the most'),
})
const usageSchema = z.strictObject({ by: z.enum(USAGE_KEYS), from: z.string(), to: z.string(), rows: z.array(rowSchema), total: rowSchema })
const forecastSchema = z.strictObject({
  quota: z.string(), subject: z.string(), metric: z.enum(METRICS), limit: amount, used: amount, perDay: amount.nullable(),
  reachedOn: z.string().nullable().describe('The UTC day; null: not in this month, or not known yet'), resetsAt: z.string(),
})
const query = z.strictObject({
  by: z.enum(USAGE_KEYS).default('day'),
  from: z.iso.date().optional().describe('UTC day; default: the first of this month'),
  to: z.iso.date().optional().describe('UTC day, included; default: today'),
  format: z.enum(['json', 'csv']).default('json'),
})
const COLUMNS = ['key', 'requests', 'tokens', 'costMicroUsd', 'open', 'unpriced', 'assumed'] as const

export function createUsageRoutes({ service, clock }: { readonly service: UsageService; readonly clock: Clock }): AppRoutes {
  return (scope) => {
    const tags = ['quotas']
    scope.get('/usage', {
      schema: {
        tags, summary: 'What calls to models used: requests, tokens, micro-USD', querystring: query,
        response: { 200: { description: 'The sums', content: { 'application/json': { schema: usageSchema }, 'text/csv': { schema: z.string() } } } },
      },
    }, async ({ principal, query: { by, from, to, format } }, reply) => {
      const today = dayOf(clock())
      const usage = await service.summarise(principal.tenantId, by, checkedSpan({ from: from ?? `${monthOf(to ?? today)}-01`, to: to ?? today }))
      if (format === 'json') return { ...usage, rows: [...usage.rows] }
      void reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="usage-${usage.from}-${usage.to}.csv"`)
      return toCsv(usage)
    })
    scope.get('/usage/forecast', {
      schema: { tags, summary: 'When the limits of this month are reached at the rate so far, soonest first', response: { 200: z.strictObject({ items: z.array(forecastSchema) }) } },
    }, async ({ principal }) => ({ items: [...(await service.forecast(principal.tenantId))] }))
  }
}

function checkedSpan(span: UsageSpan): UsageSpan {
  const days = (Date.parse(span.to) - Date.parse(span.from)) / DAY_MS + 1
  if (days < 1) throw new AppError('BODY_INVALID', { detail: `from ${span.from} is after to ${span.to}` })
  if (days > LONGEST_DAYS) throw new AppError('BODY_INVALID', { detail: `${days} days were asked for, and ${LONGEST_DAYS} are the most` })
  return span
}

/** A cell that a spreadsheet would take for a formula gets a quote in front. */
const toCsv = ({ by, rows, total }: Usage): string =>
  stringify([...rows, total], { header: true, columns: COLUMNS.map((key) => ({ key, header: key === 'key' ? by : key })), escape_formulas: true })
