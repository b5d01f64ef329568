// A baseline: the findings that were accepted when the tool was adopted. They are counted, not reported, so that only what is
// new asks for attention. Fingerprints survive moved lines, so a baseline does too.
import type { Finding } from '../finding.ts'

export interface Baseline {
  readonly fingerprints: ReadonlySet<string>
}

const SCHEMA_VERSION = 1

/** `error` says what is wrong with the file. */
export function readBaseline(text: string): Baseline | { readonly error: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { error: 'it is not JSON' }
  }
  if (typeof value !== 'object' || value === null || !('findings' in value) || !Array.isArray(value.findings)) return { error: "it has no list 'findings'" }
  if (!('schemaVersion' in value) || value.schemaVersion !== SCHEMA_VERSION) return { error: `its schemaVersion is not ${SCHEMA_VERSION}` }
  const fingerprints = new Set<string>()
  const entries: readonly unknown[] = value.findings
  for (const [index, entry] of entries.entries()) {
    const fingerprint = typeof entry === 'object' && entry !== null && 'fingerprint' in entry ? entry.fingerprint : undefined
    if (typeof fingerprint !== 'string') return { error: `findings[${index}] has no fingerprint` }
    fingerprints.add(fingerprint)
  }
  return { fingerprints }
}

/** JSON text with a final newline; sorted, so that two runs give the same bytes. */
export function formatBaseline(findings: readonly Finding[]): string {
  const accepted = findings.filter(({ suppressed }) => suppressed === undefined).map(({ fingerprint, ruleId, path }) => ({ fingerprint, ruleId, path }))
  accepted.sort((a, b) => (a.path === b.path ? (a.fingerprint < b.fingerprint ? -1 : 1) : a.path < b.path ? -1 : 1))
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, findings: accepted }, null, 2)}\n`
}

/** Findings that the baseline does not know, and how many it does. */
export function withoutBaseline(findings: readonly Finding[], baseline: Baseline): { readonly findings: Finding[]; readonly known: number } {
  const fresh = findings.filter(({ fingerprint }) => !baseline.fingerprints.has(fingerprint))
  return { findings: fresh, known: findings.length - fresh.length }
}
