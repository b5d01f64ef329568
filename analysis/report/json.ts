// The report for programs: stable, schemaVersion 1. A key is added, never renamed or given another meaning.
import type { Finding } from '../finding.ts'
import type { Report } from './report.ts'
import { summarise } from './report.ts'

/** One JSON document with a line break behind it. */
export function renderJson(report: Report): string {
  const { files, findings, notChecked, failures, score, notShown = [], calendar = [], baseline } = report
  const others = findings.filter(isOthers)
  const document = {
    schemaVersion: 1,
    files: files.map(({ path, kind, status, error }) => ({ path, kind, status, ...(error === undefined ? {} : { error }) })),
    findings: findings.filter((finding) => !isOthers(finding)).map(findingOf),
    ...(others.length === 0 ? {} : { suppressedElsewhere: others.map(findingOf) }),
    summary: { ...summarise(report), score, notChecked, failures, ...(baseline === undefined ? {} : { baseline }), ...(calendar.length === 0 ? {} : { calendar }), ...(notShown.length === 0 ? {} : { notShown }) },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** What another tool's comment silences stands in a list of its own: whoever compares `findings` with that tool's finds none there either. */
const isOthers = ({ suppressed }: Finding): boolean => suppressed?.kind === 'foreign'

/** Key by key, so that the order never depends on who built the finding. */
function findingOf(finding: Finding) {
  const { ruleId, message, severity, confidence, profile, path, start, end, fingerprint, equivalents, suppressed, fix } = finding
  return { ruleId, message, severity, confidence, profile, path, start, end, fingerprint, ...(equivalents === undefined ? {} : { equivalents }), ...(suppressed === undefined ? {} : { suppressed }), fix }
}
