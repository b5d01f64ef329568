// GET /v1/calendar.ics for calendar programs, and /v1/calendar/feeds, where its addresses are made (and shown once), listed, revoked.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import { filledText } from '../http/request-fields.ts'
import type { CalendarFeedsService } from './calendar-feeds-service.ts'
import type { FleetService } from './fleet-service.ts'

const described = { id: z.string(), name: z.string(), createdAt: z.iso.datetime() }
const created = z.strictObject({ ...described, url: z.url().describe('For calendar programs; whoever has it reads the calendar. Shown only now') })
const listed = z.strictObject({ ...described, revokedAt: z.iso.datetime().nullable() })

interface Parts {
  readonly feeds: CalendarFeedsService
  readonly fleet: Pick<FleetService, 'icalendar'>
  readonly publicUrl: string
}

export function createCalendarFeedsRoutes({ feeds, fleet, publicUrl }: Parts): AppRoutes {
  return (scope) => {
    const tags = ['fleet']
    scope.get('/calendar.ics', {
      schema: {
        tags, summary: 'What breaks when, as a calendar to subscribe to (RFC 5545)', description: 'The token of the address stands for credentials.', errors: ['CALENDAR_FEED_INVALID'], querystring: z.strictObject({ token: z.string().max(200).describe('Of POST /v1/calendar/feeds') }),
        response: { 200: { description: 'One all-day event for each end and each day of a brownout', content: { 'text/calendar': { schema: z.string() } } } },
      },
    }, async ({ query: { token } }, reply) => {
      const calendar = await fleet.icalendar(await feeds.tenantOf(token))
      // The address is a secret: no page that a calendar links to may learn it.
      return reply.type('text/calendar; charset=utf-8').header('content-disposition', 'inline; filename="pipelines.ics"').header('referrer-policy', 'no-referrer').send(calendar)
    })

    scope.post('/calendar/feeds', {
      config: { answersSecret: true },
      schema: { tags, summary: 'Make a calendar feed; its address is shown only now', body: z.strictObject({ name: filledText(100) }), response: { 201: created } },
    }, async ({ principal, body: { name }, id: correlationId }, reply) => {
      const { feedId, token, createdAt } = await feeds.create(principal.tenantId, name, { actor: actorOf(principal), correlationId })
      return reply.status(201).send({ id: feedId, name, createdAt: createdAt.toISOString(), url: `${publicUrl}/v1/calendar.ics?token=${token.reveal()}` })
    })

    scope.get('/calendar/feeds', {
      schema: { tags, summary: 'Calendar feeds, revoked ones too, without their addresses', querystring: z.strictObject(cursorQuery), response: { 200: z.strictObject({ feeds: z.array(listed), next: z.string().nullable() }) }, errors: ['CURSOR_INVALID'] },
    }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
      const identity = { list: 'calendar-feeds', tenantId }
      const page = await feeds.list(tenantId, { after: readCursor(identity, cursor), limit })
      return { feeds: page.map(toWire), next: nextCursor(identity, page, limit) }
    })

    scope.delete('/calendar/feeds/:id', {
      schema: { tags, summary: 'Revoke a calendar feed, at once', params: z.strictObject({ id: z.string().max(64) }), response: { 204: z.null() }, errors: ['CALENDAR_FEED_NOT_FOUND'] },
    }, async ({ principal, params, id: correlationId }, reply) => {
      await feeds.revoke(principal.tenantId, params.id, { actor: actorOf(principal), correlationId })
      return reply.status(204).send(null)
    })
  }
}

type Listed = Awaited<ReturnType<CalendarFeedsService['list']>>[number]

const toWire = ({ _id, name, createdAt, revokedAt }: Listed): z.infer<typeof listed> =>
  ({ id: _id, name, createdAt: createdAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null })
