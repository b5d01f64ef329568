// One line a repository, for a spreadsheet (RFC 4180). A cell that a spreadsheet would take for a formula gets a quote in front.
import type { FleetReport, FleetRow } from './fleet-report.ts'
import { CATEGORIES } from './fleet-report.ts'
import { onOneLine } from './plain-text.ts'

type Value = string | number | null

const COLUMNS: readonly (readonly [string, (row: FleetRow) => Value])[] = [
  ['repository', ({ name }) => name],
  ['score', ({ score }) => score?.total ?? null],
  ...CATEGORIES.map((category) => [`${category}_score`, ({ heat }: FleetRow) => heat[category].score] as const),
  ['drift_age_days', ({ driftAgeDays }) => driftAgeDays],
  ['high', ({ counts }) => counts.high],
  ['medium', ({ counts }) => counts.medium],
  ['low', ({ counts }) => counts.low],
  ['info', ({ counts }) => counts.info],
  ...CATEGORIES.map((category) => [`${category}_findings`, ({ heat }: FleetRow) => heat[category].findings] as const),
  ['week_appeared', ({ week }) => week?.appeared ?? null],
  ['week_fixed', ({ week }) => week?.fixed ?? null],
  ['week_score_before', ({ week }) => week?.scoreBefore ?? null],
  ['breaks_in_days', ({ breaksInDays }) => breaksInDays],
  ['problem', ({ problem }) => problem],
  ['fix_pull_request', ({ pullRequest }) => pullRequest?.number ?? null],
  ['fix_pull_request_url', ({ pullRequest }) => pullRequest?.url ?? null],
]

/** Lines end with CRLF; the first one names the columns. */
export function renderFleetCsv({ rows }: FleetReport): string {
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, valueOf]) => cell(valueOf(row))))]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

/** A number is never a formula, not even a negative one. */
function cell(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = onOneLine(value)
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
