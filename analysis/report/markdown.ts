// The report for a job summary or a pull request: a table and a line that sums up. Text from files is escaped so that it can be
// neither markup nor a mention, and the whole stays under a byte limit that says how many rows it left out.
import type { Finding } from '../finding.ts'
import type { Report } from './report.ts'
import { rankOf } from '../finding.ts'
import { ruleDocsUrl } from './docs-url.ts'
import { onOneLine } from './plain-text.ts'
import { acceptedInWords, calendarInWords, changeInWords, counted, countsInWords, summarise } from './report.ts'

/** What GitHub accepts as one step's job summary. */
export const MAX_SUMMARY_BYTES = 1024 * 1024

/** Room for the line that says how many rows were left out. */
const MORE_BYTES = 100
const MAX_CELL = 1_000

/** Ends with a line break; most severe first, because rows are cut from the end. */
export function renderMarkdown(report: Report, maxBytes: number = MAX_SUMMARY_BYTES): string {
  const summary = summarise(report)
  const score = report.score === null || summary.files === 0 ? '' : `, score ${report.score.total} of 100`
  const head = ['## AutoDevOps', '', `**${countsInWords(summary)}** in ${counted(summary.files, 'file')}${score}`, '']
  const shown = report.findings.filter(({ suppressed }) => suppressed === undefined)
  const rows = [...shown].sort((a, b) => rankOf(b.severity) - rankOf(a.severity)).map(rowOf)
  const tail = tailOf(report, summary.suppressed)
  const table = rows.length === 0 ? [] : ['| severity | place | rule | what to do | fix |', '| --- | --- | --- | --- | --- |']
  let room = maxBytes - MORE_BYTES - sizeOf([...head, ...table, ...tail])
  let count = 0
  for (const row of rows) {
    room -= byteLength(row) + 1
    if (room < 0) break
    count++
  }
  const more = count < rows.length ? ['', `${rows.length - count} more not shown: the report would be too large.`] : []
  return `${[...head, ...table, ...rows.slice(0, count), ...more, ...tail].join('\n').trimEnd()}\n`
}

/** Text that shows as it is written and links to nothing. */
export function escapeMarkdown(text: string): string {
  return onOneLine(text).replace(LIVE, (found) => {
    if (found === '@' || found === '#') return `${found}${BREAK}`
    if (found === '://') return `:${BREAK}//`
    if (found.toLowerCase() === 'gh-') return `${found.slice(0, -1)}${BREAK}-`
    if (found.toLowerCase() === 'www.') return `${found.slice(0, -1)}${BREAK}.`
    return `&#${found.charCodeAt(0)};${found.slice(1)}`
  })
}

// Mentions, references and addresses are recognised in the finished text, where an entity is no help; an empty comment parts them.
const BREAK = '<!-- -->'
const LIVE = /(?<![0-9a-z])@|#(?=\d)|\bgh-(?=\d)|:\/\/|\bwww\.|^[-+#]|^\d+(?=[.)])|[&<>`*_~|[\]()\\!{}$^=]/gi

function rowOf({ severity, path, start, ruleId, message, fix }: Finding): string {
  const repair = fix === null ? '' : `${fix.safety}: ${cell(fix.description)}`
  return `| ${severity} | ${cell(`${path}:${start.line}`)} | [${ruleId}](${ruleDocsUrl(ruleId)}) | ${cell(message)} | ${repair} |`
}

const cell = (text: string): string => escapeMarkdown(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)} ...` : text).replaceAll('\t', ' ')

function tailOf({ notChecked, failures, notShown = [], calendar = [], baseline }: Report, suppressed: number): string[] {
  const out: string[] = []
  const { ref = null, accepted = [], changes = [] } = baseline ?? {}
  if (accepted.length > 0) out.push('', 'Accepted state:', '', ...listOf(accepted.map(acceptedInWords)))
  if (changes.length > 0) out.push('', `Changed since ${cell(ref ?? 'the accepted state')}:`, '', ...listOf(changes.map(changeInWords)))
  if (calendar.length > 0) out.push('', 'Calendar:', '', ...listOf(calendar.map(calendarInWords)))
  if (suppressed > 0) out.push('', `${counted(suppressed, 'finding')} suppressed.`)
  for (const { reason, count } of notShown) out.push('', `${counted(count, 'finding')} ${reason}, not shown.`)
  if (failures.length > 0) {
    out.push('', 'Rules that failed (a defect of this tool; the other rules ran):', '')
    out.push(...listOf(failures.map(({ ruleId, path, error }) => `${ruleId} on ${path}: ${error}`)))
  }
  if (notChecked.length > 0) {
    out.push('', 'Not checked:', '')
    out.push(...listOf(notChecked.map(({ what, reason, count }) => `${what} (${counted(count, 'place')}): ${reason}`)))
  }
  return out
}

const MAX_LIST = 6

function listOf(items: readonly string[]): string[] {
  const lines = items.slice(0, MAX_LIST).map((item) => `- ${cell(item)}`)
  return items.length > MAX_LIST ? [...lines, `- and ${items.length - MAX_LIST} more`] : lines
}

const sizeOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + byteLength(line) + 1, 0)

const byteLength = (text: string): number => new TextEncoder().encode(text).length
