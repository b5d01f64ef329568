// Workflow commands: annotations on the lines of a run. GitHub shows ten per level and step; above that the last one sums up the
// rest, so nothing is dropped silently. Everything that came from a file is escaped: it must not become a command of its own.
import type { Finding, Severity } from '../finding.ts'
import type { Report } from './report.ts'
import { counted, countsInWords, summarise } from './report.ts'

type Level = 'error' | 'warning' | 'notice'

export const MAX_ANNOTATIONS_PER_LEVEL = 10

const LEVEL: Readonly<Record<Severity, Level>> = { high: 'error', medium: 'warning', low: 'notice', info: 'notice' }

/** One command per line and a last line that sums up; ends with a line break. */
export function renderGithub(report: Report): string {
  const shown = report.findings.filter(({ suppressed }) => suppressed === undefined)
  const own = remarksOf(report)
  const out: string[] = []
  for (const level of ['error', 'warning', 'notice'] as const) {
    const remarks = own.filter((remark) => remark.level === level).map(({ text }) => command(level, {}, text))
    const findings = shown.filter(({ severity }) => LEVEL[severity] === level)
    const room = Math.max(1, MAX_ANNOTATIONS_PER_LEVEL - remarks.length)
    const listed = findings.length <= room ? findings : findings.slice(0, room - 1)
    out.push(...listed.map((finding) => annotation(level, finding)))
    if (listed.length < findings.length) out.push(command(level, {}, moreOf(findings.slice(listed.length))))
    out.push(...remarks)
  }
  const summary = summarise(report)
  out.push(`AutoDevOps: ${counted(summary.files, 'file')}: ${countsInWords(summary)}, ${summary.suppressed} suppressed`)
  return `${out.join('\n')}\n`
}

/** Escapes the message of a workflow command. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Escapes a property's value, where a colon or a comma would end it. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function annotation(level: Level, { path, start, end, ruleId, severity, message }: Finding): string {
  // GitHub takes columns only when start and end are on one line.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {}
  return command(level, { file: path, line: start.line, endLine: end.line, ...columns, title: `${ruleId} (${severity})` }, message)
}

function command(level: Level, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${level}${list === '' ? '' : ` ${list}`}::${escapeData(message)}`
}

function moreOf(findings: readonly Finding[]): string {
  const rules = new Map<string, number>()
  for (const { ruleId } of findings) rules.set(ruleId, (rules.get(ruleId) ?? 0) + 1)
  const list = [...rules].sort((a, b) => b[1] - a[1]).map(([ruleId, count]) => `${ruleId} ${count}`).join(', ')
  return `${counted(findings.length, 'more finding')} of this level, not shown as annotations: ${list}`
}

/** At most two, so that they never push all findings out of a level. */
function remarksOf({ notChecked, failures }: Report): readonly { readonly level: Level; readonly text: string }[] {
  const remarks: { level: Level; text: string }[] = []
  if (failures.length > 0) {
    const list = failures.map(({ ruleId, path, error }) => `${ruleId} on ${path}: ${error}`).join('\n')
    remarks.push({ level: 'error', text: `Rules failed (a defect of this tool; the other rules ran):\n${list}` })
  }
  if (notChecked.length > 0) {
    const list = notChecked.map(({ what, reason, count }) => `${what} (${counted(count, 'place')}): ${reason}`).join('\n')
    remarks.push({ level: 'notice', text: `Not checked:\n${list}` })
  }
  return remarks
}
