// GET /v1/usage and GET /v1/usage/forecast: what calls to models used, as JSON or CSV, and when a limit is reached at this rate.
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { METRICS } from './amounts.ts'
import { PERIODS, dayOf, monthOf } from './periods.ts'
import { USAGE_KEYS, type Usage, type UsageService, type UsageSpan } from './usage-service.ts'

const LONGEST_DAYS = 400

const amount = z.int().min(0)
const rowSchema = z.strictObject({
  key: z.string(), requests: amount, tokens: amount, costMicroUsd: amount,
  open: amount.describe('Calls under way: in none of the other numbers'),
  unpriced: amount.describe('Calls whose price was not known: their cost counts as nothing'),
  assumed: amount.describe('Calls of which nobody said what they used: settled at the most'),
})
const usageSchema = z.strictObject({ by: z.enum(USAGE_KEYS), from: z.string(), to: z.string(), rows: z.array(rowSchema), total: rowSchema })
const forecastSchema = z.strictObject({
  quota: z.string(), subject: z.string(), period: z.enum(PERIODS), metric: z.enum(METRICS), limit: amount, used: amount, perDay: amount.nullable().describe('At the rate of this period so far'),
  reachedOn: z.string().nullable().describe('The UTC day; null: not in this period, or not known yet'),
  reachedAt: z.string().nullable().describe('The same to the second'), resetsAt: z.string(),
})
const query = z.strictObject({
  by: z.enum(USAGE_KEYS).default('day'),
  from: z.iso.date().optional().describe('UTC day; default: the first of this month'),
  to: z.iso.date().optional().describe('UTC day, included; default: today'),
  format: z.enum(['json', 'csv']).optional().describe('Default: as the header Accept says, and JSON where it says neither'),
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
    }, async ({ principal, headers, query: { by, from, to, format } }, reply) => {
      void reply.header('vary', 'accept')
      const today = dayOf(clock())
      const usage = await service.summarise(principal.tenantId, by, checkedSpan({ from: from ?? `${monthOf(to ?? today)}-01`, to: to ?? today }))
      if (format === 'json' || (format === undefined && !asksForCsv(headers.accept))) return { ...usage, rows: [...usage.rows] }
      void reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="usage-${usage.from}-${usage.to}.csv"`)
      return toCsv(usage)
    })
    scope.get('/usage/forecast', {
      schema: { tags, summary: 'When the limits of this day and month are reached at the rate so far, soonest first', response: { 200: z.strictObject({ items: z.array(forecastSchema) }) } },
    }, async ({ principal }) => ({ items: [...(await service.forecast(principal.tenantId))] }))
  }
}

/** Of an Accept header: CSV is named, and not below JSON. Wildcards leave it to us, and that is JSON. */
function asksForCsv(accept = ''): boolean {
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  const weightOf = (type: string) => Math.max(0, ...ranges.filter(([name]) => name === type).map(([, ...parameters]) => Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1) || 0))
  return weightOf('text/csv') > 0 && weightOf('text/csv') >= weightOf('application/json')
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
