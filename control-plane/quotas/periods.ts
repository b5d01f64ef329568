// The two periods that are limited: UTC days and UTC months. They are names, not spans that roll over, so a clock that jumps
// over midnight and back only counts in the day that it says.
import { DAY_MS } from '../clock.ts'

export const PERIODS = ['day', 'month'] as const
export type Period = (typeof PERIODS)[number]

/** `2026-11-27` */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10)

/** `2026-11` of a time or of a day. */
export const monthOf = (time: Date | string): string => (typeof time === 'string' ? time : time.toISOString()).slice(0, 7)

export function startOf(period: Period, day: string): Date {
  return new Date(`${period === 'day' ? day : `${monthOf(day)}-01`}T00:00:00.000Z`)
}

/** When the period that holds this day is over. */
export function resetOf(period: Period, day: string): Date {
  const start = startOf(period, day)
  return period === 'day'
    ? new Date(start.getTime() + DAY_MS)
    : new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1))
}

/** Of a month: `2026-11-30` for `2026-11`. */
export const lastDayOf = (month: string): string => dayOf(new Date(resetOf('month', `${month}-01`).getTime() - 1))
