// When Gemini's daily quotas start anew: midnight in California, whatever the season.
import { HOUR_MS } from '../../clock.ts'

const PACIFIC = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Los_Angeles', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })

/** The first full hour at which the day there begins; both in milliseconds since 1970. */
export function nextPacificMidnight(nowMs: number): number {
  let hour = (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS
  while (!/^(?:00|24):/.test(PACIFIC.format(hour))) hour += HOUR_MS
  return hour
}
