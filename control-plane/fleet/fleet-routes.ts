// GET /v1/fleet, /v1/divergence and /v1/calendar, for whoever may see the whole organisation.
import { z } from 'zod'
import { divergenceInWords } from '../../analysis/drift/fleet-divergence.ts'
import { renderFleetCsv } from '../../analysis/report/fleet-csv.ts'
import { renderFleetHtml } from '../../analysis/report/fleet-html.ts'
import { toFleetJson } from '../../analysis/report/fleet-json.ts'
import { renderFleetMarkdown } from '../../analysis/report/fleet-markdown.ts'
import { endInWords, versionsInWords } from '../../analysis/report/fleet-words.ts'
import type { AppRoutes } from '../app-route.ts'
import { calendarSchema, divergenceSchema, fleetSchema } from './fleet-schemas.ts'
import type { FleetService } from './fleet-service.ts'

/** The page brings its own styles and needs nothing else; no other page may frame it. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
const text = { schema: z.string() }

export function createFleetRoutes({ service }: { readonly service: FleetService }): AppRoutes {
  return (scope) => {
    const tags = ['fleet']
    scope.get('/fleet', {
      schema: {
        tags, summary: 'How the default branches of all repositories stand', querystring: z.strictObject({ format: z.enum(['json', 'csv', 'markdown', 'html']).default('json') }),
        response: { 200: { description: 'The report', content: { 'application/json': { schema: fleetSchema }, 'text/csv': text, 'text/markdown': text, 'text/html': text } } },
      },
    }, async ({ principal, query: { format } }, reply) => {
      const report = await service.report(principal.tenantId)
      switch (format) {
        case 'json': return toFleetJson(report)
        case 'csv':
          void reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="fleet-${report.today}.csv"`)
          return renderFleetCsv(report)
        case 'markdown':
          void reply.type('text/markdown; charset=utf-8')
          return renderFleetMarkdown(report)
        case 'html':
          void reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY)
          return renderFleetHtml(report)
      }
    })

    scope.get('/divergence', {
      schema: { tags, summary: 'Pipelines in several variants, and actions at several versions', response: { 200: divergenceSchema } },
    }, async ({ principal }) => {
      const { repositories, pipelines, actions } = await service.divergence(principal.tenantId)
      return {
        repositories,
        pipelines: pipelines.map((pipeline) => ({ ...pipeline, summary: divergenceInWords(pipeline), newest: pipeline.variants.find(({ isNewest }) => isNewest) ?? null })),
        actions: actions.map((action) => ({ ...action, summary: versionsInWords(action) })),
      }
    })

    scope.get('/calendar', {
      schema: { tags, summary: 'What breaks when, where', response: { 200: calendarSchema } },
    }, async ({ principal }) => {
      const { today, ends } = await service.calendar(principal.tenantId)
      return { today, ends: ends.map((end) => ({ ...end, summary: endInWords(end) })) }
    })
  }
}
