// SARIF 2.1.0 for code scanning. Places are lines and columns in UTF-16 units; fixes and suppressions travel with their results.
// Leaves out code flows, and snippets: the text of a repository stays in it.
import type { Finding, Fix, Severity } from '../finding.ts'
import type { Report } from './report.ts'
import { rankOf } from '../finding.ts'
import { createLineIndex } from '../source/line-index.ts'
import { ruleById } from '../rules/index.ts'
import { PROJECT_URL, ruleDocsUrl } from './docs-url.ts'
import { counted } from './report.ts'

/** What GitHub accepts in one run. */
export const MAX_SARIF_RESULTS = 25_000

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { high: 'error', medium: 'warning', low: 'note', info: 'note' }
/** What code scanning shows as severity of a security rule: above 7 high, above 4 medium, else low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { high: '8.0', medium: '5.0', low: '3.0', info: '0.0' }

/** `version` is the tool's. Above the limit the least severe results are left out, and a notification says how many. */
export function renderSarif(report: Report, version: string, maxResults: number = MAX_SARIF_RESULTS): string {
  const kept = report.findings.length <= maxResults
    ? report.findings
    : [...report.findings].sort((a, b) => rankOf(b.severity) - rankOf(a.severity)).slice(0, maxResults)
  const ids = [...new Set(kept.map(({ ruleId }) => ruleId))].sort()
  const hasSuppressions = kept.some(({ suppressed }) => suppressed !== undefined)
  const run = {
    tool: { driver: { name: 'AutoDevOps', semanticVersion: version, informationUri: PROJECT_URL, rules: ids.map((id) => ruleOf(id, kept)) } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: report.failures.length === 0, toolExecutionNotifications: notificationsOf(report, kept.length) }],
    results: kept.map((finding) => ({
      ...resultOf(finding, ids.indexOf(finding.ruleId), report),
      ...(hasSuppressions ? { suppressions: suppressionsOf(finding) } : {}),
    })),
  }
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`
}

function ruleOf(id: string, findings: readonly Finding[]) {
  const meta = ruleById(id)?.meta
  const severity = meta?.severity ?? findings.find(({ ruleId }) => ruleId === id)?.severity ?? 'info'
  const summary = meta?.summary ?? id
  const isSecurity = meta?.category === 'security'
  return {
    id,
    shortDescription: { text: summary },
    helpUri: ruleDocsUrl(id),
    help: { text: `${summary}. See ${ruleDocsUrl(id)}`, markdown: `${summary}. [What it finds, why, and how to repair it](${ruleDocsUrl(id)})` },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: meta === undefined ? [] : [meta.category],
      precision: meta?.confidence ?? 'medium',
      ...(isSecurity ? { 'security-severity': SECURITY_SEVERITY[severity] } : {}),
    },
  }
}

function resultOf(finding: Finding, ruleIndex: number, { texts }: Report) {
  const { ruleId, severity, confidence, profile, message, path, start, end, fingerprint, fix } = finding
  const artifactLocation = { uri: uriOf(path) }
  const text = texts.get(path)
  return {
    ruleId,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: message },
    locations: [{
      physicalLocation: {
        artifactLocation,
        region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
      },
    }],
    partialFingerprints: { 'autodevops/v1': fingerprint },
    properties: { severity, confidence, profile },
    // A new file is no change of an artifact that the run knows.
    ...(fix === null || fix.file !== undefined || text === undefined ? {} : { fixes: [fixOf(fix, artifactLocation, text)] }),
  }
}

function fixOf(fix: Fix, artifactLocation: { readonly uri: string }, text: string) {
  const lines = createLineIndex(text)
  const replacements = fix.edits.map((edit) => {
    const start = lines.positionAt(edit.start)
    const end = lines.positionAt(edit.end)
    return {
      deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
      insertedContent: { text: edit.text },
    }
  })
  return { description: { text: `${fix.description} (${fix.safety})` }, artifactChanges: [{ artifactLocation, replacements }] }
}

/** As soon as one result has the list, each has it: without one a reader cannot tell "not suppressed" from "not known". */
function suppressionsOf({ suppressed }: Finding) {
  if (suppressed === undefined) return []
  const { kind, by, reason, until } = suppressed
  const words = [reason, by === null ? null : `by ${by}`, until === null ? null : `until ${until}`].filter((part) => part !== null)
  return [{ kind: kind === 'policy' || kind === 'dismissed' ? 'external' : 'inSource', ...(words.length === 0 ? {} : { justification: words.join(', ') }) }]
}

function notificationsOf({ files, findings, notChecked, failures }: Report, kept: number) {
  const left = findings.length - kept
  const note = (level: 'error' | 'warning' | 'note', text: string, path?: string) => ({
    level,
    message: { text },
    ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }] }),
  })
  return [
    ...files.flatMap(({ path, status, error }) => (status === 'unreadable' ? [note('error', error ?? 'the file cannot be read', path)] : [])),
    ...failures.map(({ ruleId, path, error }) => note('error', `rule ${ruleId} failed: ${error}`, path)),
    ...notChecked.map(({ what, reason, count }) => note('note', `not checked: ${what} (${counted(count, 'place')}): ${reason}`)),
    ...(left > 0 ? [note('warning', `${counted(left, 'result')} left out: the limit is ${kept}; the most severe are kept`)] : []),
  ]
}

/** A relative reference, or a file URI for an absolute path; what a URI cannot hold is percent-encoded. */
function uriOf(path: string): string {
  const encoded = path.replace(/\p{Surrogate}/gu, '\ufffd').split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${encoded}` : encoded
}
