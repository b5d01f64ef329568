// Feeds of the calendar, for calendar programs, which can send no header: a token in the address that opens this feed and nothing
// else. Made and shown once, checked, revoked. Written `adf_FEEDID_SECRET`.
import type { AuditStore } from '../audit/audit-store.ts'
import type { By } from '../auth/principal.ts'
import { createTokenForm } from '../auth/token-form.ts'
import type { Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { CalendarFeed, CalendarFeedsStore } from './calendar-feeds-store.ts'

export interface CalendarFeedsService {
  /** The only time at which the token is known in clear. */
  create(tenantId: string, name: string, by: By): Promise<{ readonly feedId: string; readonly token: Secret; readonly createdAt: Date }>
  /** Revoked ones too. */
  list(tenantId: string, page: Page): Promise<CalendarFeed[]>
  /** Throws CALENDAR_FEED_NOT_FOUND. */
  revoke(tenantId: string, feedId: string, by: By): Promise<void>
  /** Whose feed it is. Throws CALENDAR_FEED_INVALID. */
  tenantOf(token: string): Promise<string>
}

const FORM = createTokenForm('adf')

interface Parts {
  readonly store: CalendarFeedsStore
  readonly audit: AuditStore
  readonly clock: Clock
}

export function createCalendarFeedsService({ store, audit, clock }: Parts): CalendarFeedsService {
  return {
    create: async (tenantId, name, by) => {
      const { id: feedId, token, secretHash } = FORM.create()
      const createdAt = clock()
      await store.for(tenantId).add({ _id: feedId, name, secretHash, createdAt })
      await audit.for(tenantId).append({ ...by, action: 'calendar-feed.created', subject: feedId, details: {}, before: null, after: { name } })
      return { feedId, token, createdAt }
    },
    list: (tenantId, page) => store.for(tenantId).list(page),
    revoke: async (tenantId, feedId, by) => {
      if (!(await store.for(tenantId).revoke(feedId))) throw new AppError('CALENDAR_FEED_NOT_FOUND', { detail: feedId })
      await audit.for(tenantId).append({ ...by, action: 'calendar-feed.revoked', subject: feedId, details: {} })
    },
    tenantOf: async (token) => {
      const given = FORM.read(token)
      const feed = given === null ? null : await store.find(given.id)
      if (given === null || feed?.revokedAt !== null || !given.matches(feed.secretHash)) throw new AppError('CALENDAR_FEED_INVALID')
      return feed.tenantId
    },
  }
}
