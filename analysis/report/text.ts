// The report for people: by file, each finding with its line and a mark, then what was not checked and one line that sums up.
// Knows nothing of terminals: colours are a palette that the caller brings.
import type { Finding, Severity } from '../finding.ts'
import type { LineIndex } from '../source/line-index.ts'
import type { Report } from './report.ts'
import { ruleById } from '../rules/index.ts'
import { createLineIndex } from '../source/line-index.ts'
import { onOneLine } from './plain-text.ts'
import { acceptedInWords, calendarInWords, changeInWords, counted, countsInWords, summarise } from './report.ts'
import { excerptAt } from './source-excerpt.ts'

/** Each adds a colour or a weight to a text. */
export type Palette = Readonly<Record<'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'cyan' | 'green', (text: string) => string>>

const same = (text: string): string => text
export const NO_COLOURS: Palette = { bold: same, dim: same, red: same, yellow: same, blue: same, cyan: same, green: same }

const COLOUR: Readonly<Record<Severity, keyof Palette>> = { high: 'red', medium: 'yellow', low: 'blue', info: 'cyan' }

/** Ends with a line break. Suppressed findings are counted, not listed. */
export function renderText(report: Report, palette: Palette = NO_COLOURS): string {
  const byPath = new Map<string, Finding[]>()
  for (const finding of report.findings) {
    if (finding.suppressed !== undefined) continue
    const list = byPath.get(finding.path)
    if (list === undefined) byPath.set(finding.path, [finding])
    else list.push(finding)
  }
  const out: string[] = []
  for (const [path, findings] of byPath) {
    const text = report.texts.get(path)
    const lines = text === undefined ? null : createLineIndex(text)
    out.push(palette.bold(onOneLine(path)))
    const source = text === undefined || lines === null ? null : { text, lines }
    for (const group of byPlace(findings)) out.push(...blockOf(group, source, palette))
    out.push('')
  }
  out.push(...tailOf(report, palette))
  return `${out.join('\n')}\n`
}

/** Neighbours that stand on the same range share its line, and their fix where it is the same. */
function byPlace(findings: readonly Finding[]): Group[] {
  const groups: Group[] = []
  let last = ''
  for (const finding of findings) {
    const { start, end } = finding
    const place = `${start.line}:${start.column}-${end.line}:${end.column}`
    if (place === last) groups.at(-1)?.push(finding)
    else groups.push([finding])
    last = place
  }
  return groups
}

type Group = [Finding, ...Finding[]]

function blockOf(group: Group, source: { text: string; lines: LineIndex } | null, palette: Palette): string[] {
  const [first] = group
  const { line, column } = first.start
  const colour = palette[COLOUR[first.severity]]
  const out = group.map(({ severity, message, ruleId }) =>
    `  ${line}:${column}  ${palette[COLOUR[severity]](severity)}  ${onOneLine(message)}  ${palette.dim(ruleId)}`)
  const isSecret = group.some(({ ruleId }) => ruleById(ruleId)?.meta.marksSecret === true)
  const excerpt = source === null || isSecret ? null : excerptAt(source.text, source.lines, first)
  if (excerpt !== null) {
    const number = String(line)
    out.push(`    ${palette.dim(`${number} |`)} ${excerpt.line}`)
    out.push(`    ${palette.dim(`${' '.repeat(number.length)} |`)} ${colour(excerpt.mark)}`)
  }
  const fixes = group.flatMap(({ fix }) => (fix === null ? [] : [`    ${palette.green(`fix (${fix.safety})`)}: ${onOneLine(fix.description)}`]))
  out.push(...new Set(fixes))
  return out
}

/** Lines of it; a code host that answers nothing gives one for every action. */
const MOST_NOT_CHECKED = 8

function tailOf(report: Report, palette: Palette): string[] {
  const summary = summarise(report)
  const out: string[] = []
  for (const { ruleId, path, error } of report.failures) {
    out.push(`${palette.red('rule failed')}: ${ruleId} on ${onOneLine(path)}: ${onOneLine(error)} (a defect of this tool; the other rules ran)`)
  }
  for (const accepted of report.baseline?.accepted ?? []) out.push(`${palette.dim('accepted state')}: ${onOneLine(acceptedInWords(accepted))}`)
  for (const change of report.baseline?.changes ?? []) out.push(`${palette.dim(`since ${onOneLine(report.baseline?.ref ?? 'the accepted state')}`)}: ${onOneLine(changeInWords(change))}`)
  for (const entry of report.calendar ?? []) out.push(`${palette.dim('calendar')}: ${onOneLine(calendarInWords(entry))}`)
  for (const { what, reason, count } of report.notChecked.slice(0, MOST_NOT_CHECKED)) {
    out.push(`${palette.dim('not checked')}: ${onOneLine(what)} (${counted(count, 'place')}): ${onOneLine(reason)}`)
  }
  const more = report.notChecked.length - MOST_NOT_CHECKED
  if (more > 0) out.push(`${palette.dim('not checked')}: ${more} more; --format json names them all`)
  for (const { reason, count } of report.notShown ?? []) out.push(`${palette.dim('not shown')}: ${counted(count, 'finding')} ${reason}`)
  if (out.length > 0) out.push('')
  const parts = [`${counted(summary.files, 'file')}: ${countsInWords(summary)}`]
  if (summary.unreadable > 0) parts.push(`${counted(summary.unreadable, 'file')} unreadable`)
  if (summary.suppressed > 0) parts.push(`${summary.suppressed} suppressed`)
  if (summary.fixable > 0) parts.push(`${summary.fixable} with a fix`)
  if (report.score !== null && summary.files > 0) parts.push(`score ${report.score.total} of 100`)
  out.push(palette.bold(parts.join('; ')))
  return out
}
