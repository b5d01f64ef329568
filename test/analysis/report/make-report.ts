// Reports by hand, for tests of how they are shown.
import type { Finding } from '../../../analysis/finding.ts'
import type { Report } from '../../../analysis/report/report.ts'

export function makeFinding(changes: Partial<Finding> = {}): Finding {
  return {
    ruleId: 'unpinned-action',
    message: "'acme/build@v3' can change under you",
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    path: '.github/workflows/ci.yml',
    start: { line: 2, column: 3 },
    end: { line: 2, column: 7 },
    fingerprint: '0123456789abcdef0123456789abcdef',
    fix: null,
    ...changes,
  }
}

export function makeReport(changes: Partial<Report> = {}): Report {
  const findings = changes.findings ?? []
  const paths = [...new Set(findings.map(({ path }) => path))]
  return {
    files: paths.map((path) => ({ path, kind: 'workflow', status: 'analysed' })),
    findings,
    notChecked: [],
    failures: [],
    score: { total: 90, security: 90, reliability: 100, performance: 100, dependencies: 100, maintainability: 100 },
    texts: new Map(),
    ...changes,
  }
}

export const SUPPRESSED = makeFinding({ suppressed: { kind: 'inline', by: '@team', reason: 'known', until: '2027-01-31' } })

export const NOT_CHECKED = { what: 'the commit behind a tag or branch', reason: 'rate limited', count: 3 }

/** Text that tries to be a command, markup, a mention and a trick on the eye. */
export const HOSTILE = '%0A\r\n::error::x ]( <img src=x onerror=alert(1)> | `code` **b** @everyone #1 https://evil.example ![x](y) \x1b[31m\u202e'
