// What every report is made from: the outcome of an analysis after the filters, with the texts that its places point into.
import type { AnalyseResult, NotChecked, RuleFailure } from '../analyse.ts'
import type { AcceptedState } from '../drift/accepted-state.ts'
import type { BaselineChange, ChangeOrigin } from '../drift/baseline-drift.ts'
import type { CalendarEntry } from '../drift/calendar.ts'
import type { FileOutcome, Finding, Severity } from '../finding.ts'
import type { Score } from '../score.ts'

export interface Report {
  readonly files: readonly FileOutcome[]
  /** Those that are shown; suppressed ones carry `suppressed` and count for nothing. */
  readonly findings: readonly Finding[]
  readonly notChecked: readonly NotChecked[]
  /** What breaks on a date, from the calendar of the bundled data. */
  readonly calendar?: readonly CalendarEntry[]
  readonly failures: readonly RuleFailure[]
  /** What changed since an accepted state; absent when nobody asked. */
  readonly baseline?: BaselineReport
  /** Findings that were left out because of what the caller asked for, counted by reason. */
  readonly notShown?: readonly NotShown[]
  /** Null when the files belong to several repositories. */
  readonly score: Score | null
  /** By path: what lines, carets and SARIF regions are taken from. A missing text only costs those. */
  readonly texts: ReadonlyMap<string, string>
}

export interface BaselineReport {
  /** As the person named it; null where the repositories themselves say what was accepted. */
  readonly ref: string | null
  /** What they say, then. */
  readonly accepted?: readonly AcceptedBaseline[]
  readonly changes: readonly BaselineChange[]
}

export interface AcceptedBaseline extends AcceptedState {
  /** Of the file that says it. */
  readonly path: string
  readonly ageDays: number
}

export interface NotShown {
  readonly reason: string
  readonly count: number
}

export interface Summary {
  readonly files: number
  readonly unreadable: number
  readonly high: number
  readonly medium: number
  readonly low: number
  readonly info: number
  readonly suppressed: number
  /** Findings, not suppressed, that carry a fix. */
  readonly fixable: number
}

/** A result as it is, with the findings that the filters left. */
export function createReport(result: AnalyseResult, findings: readonly Finding[], texts: ReadonlyMap<string, string>): Report {
  const { files, notChecked, failures, score, calendar } = result
  return { files, findings, notChecked, failures, score, calendar, texts }
}

export function summarise({ files, findings }: Pick<Report, 'files' | 'findings'>): Summary {
  const counts: Record<Severity, number> = { high: 0, medium: 0, low: 0, info: 0 }
  let suppressed = 0
  let fixable = 0
  for (const finding of findings) {
    if (finding.suppressed !== undefined) suppressed++
    else {
      counts[finding.severity]++
      if (finding.fix !== null) fixable++
    }
  }
  return { files: files.length, unreadable: files.filter(({ status }) => status === 'unreadable').length, ...counts, suppressed, fixable }
}

/** "2 high, 1 low", most severe first, or "no findings". */
export function countsInWords(summary: Summary): string {
  const parts = (['high', 'medium', 'low', 'info'] as const).filter((severity) => summary[severity] > 0)
  return parts.length === 0 ? 'no findings' : parts.map((severity) => `${summary[severity]} ${severity}`).join(', ')
}

/** "1 file", "2 files". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** "ci.yml:4 high weakened: permissions: the token may do more (1a2b3c4 by Jane, 12 days ago)". */
export function changeInWords({ path, start, kind, severity, place, text, origin }: BaselineChange): string {
  return `${path}:${start.line} ${severity} ${kind}: ${place === '' ? '' : `${place}: `}${text}${origin === null ? '' : ` (${originInWords(origin)})`}`
}

function originInWords({ commit, author, date, ageDays }: ChangeOrigin): string {
  return commit === null ? 'not committed yet' : `${commit.slice(0, 7)} by ${author} on ${date}, ${agoInWords(ageDays)}`
}

/** "1a2b3c4, accepted by Jane on 2026-11-20, 4 days ago: the release is audited (.github/autodevops-drift-baseline.json)". */
export function acceptedInWords({ commit, by, date, ageDays, reason, path }: AcceptedBaseline): string {
  return `${commit.slice(0, 7)}, accepted by ${by} on ${date}, ${agoInWords(ageDays)}: ${reason} (${path})`
}

const agoInWords = (days: number): string => (days === 0 ? 'today' : `${counted(days, 'day')} ago`)

/** "breaks in 144 days, on 2027-04-17: the image 'ubuntu-22.04' (ci.yml:12 and 3 more)". */
export function calendarInWords({ subject, date, days, places }: CalendarEntry): string {
  const [first] = places
  const rest = places.length > 1 ? ` and ${places.length - 1} more` : ''
  const when = days > 0 ? `breaks in ${counted(days, 'day')}, on ${date}` : `broken since ${date}`
  return `${when}: ${subject}${first === undefined ? '' : ` (${first.path}:${first.line}${rest})`}`
}
