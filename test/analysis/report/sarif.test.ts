import { describe, expect, it } from 'vitest'
import { renderSarif } from '../../../analysis/report/sarif.ts'
import { HOSTILE, NOT_CHECKED, SUPPRESSED, makeFinding, makeReport } from './make-report.ts'
import { faultsIn } from './sarif-schema.ts'

const PATH = '.github/workflows/ci.yml'
const TEXT = 'on: push\n  uses: x\n'

interface Result { readonly ruleId: string; readonly ruleIndex: number; readonly level: string; readonly suppressions?: readonly object[]; readonly fixes?: readonly object[] }
interface Run {
  readonly tool: { readonly driver: { readonly semanticVersion: string; readonly rules: readonly { readonly id: string; readonly helpUri: string; readonly properties: object }[] } }
  readonly invocations: readonly [{ readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly { readonly level: string; readonly message: { readonly text: string } }[] }]
  readonly results: readonly Result[]
}

/** The run of a report, which must follow the schema. */
function runOf(changes: Parameters<typeof makeReport>[0], maxResults?: number): Run {
  const log = JSON.parse(renderSarif(makeReport(changes), '1.2.3', maxResults)) as { runs: [Run] }
  expect(faultsIn(log)).toEqual([])
  return log.runs[0]
}

describe('renderSarif', () => {
  it('follows the schema for every kind of content', () => {
    const run = runOf({
      findings: [makeFinding({ fix: { safety: 'safe', description: 'pin it', edits: [{ start: 11, end: 15, text: 'y' }] } }), SUPPRESSED, makeFinding({ message: HOSTILE, path: HOSTILE, ruleId: 'missing-timeout', severity: 'info' })],
      files: [{ path: 'x.yml', kind: 'unknown', status: 'unreadable', error: 'binary' }],
      notChecked: [NOT_CHECKED],
      failures: [{ ruleId: 'x', path: 'x.yml', error: 'boom' }],
      texts: new Map([[PATH, TEXT]]),
    })
    expect(run.tool.driver.semanticVersion).toBe('1.2.3')
    expect(run.results).toHaveLength(3)
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId)
    expect(run.invocations[0].executionSuccessful).toBe(false)
  })

  it('is valid when there is nothing to say', () => {
    const run = runOf({})
    expect([run.results, run.tool.driver.rules, run.invocations[0].executionSuccessful]).toEqual([[], [], true])
  })

  it('gives place, level, fingerprint and page', () => {
    const run = runOf({ findings: [makeFinding()] })
    expect(run.results[0]).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: PATH }, region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7 } } }],
      partialFingerprints: { 'autodevops/v1': '0123456789abcdef0123456789abcdef' },
    })
    expect(run.tool.driver.rules[0]?.helpUri).toMatch(/^https:.*\/docs\/rules\/unpinned-action\.md$/)
    expect(run.tool.driver.rules[0]?.properties).toMatchObject({ 'security-severity': '8.0', precision: 'high' })
  })

  it('writes a fix as replacements by line and column', () => {
    const fix = { safety: 'unsafe', description: 'rename', edits: [{ start: 11, end: 15, text: 'with' }, { start: 19, end: 19, text: '!' }] } as const
    expect(runOf({ findings: [makeFinding({ fix })], texts: new Map([[PATH, TEXT]]) }).results[0]?.fixes).toEqual([{
      description: { text: 'rename (unsafe)' },
      artifactChanges: [{
        artifactLocation: { uri: PATH },
        replacements: [
          { deletedRegion: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7 }, insertedContent: { text: 'with' } },
          { deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 }, insertedContent: { text: '!' } },
        ],
      }],
    }])
  })

  it('leaves out a fix that writes another file', () => {
    const fix = { safety: 'safe', description: 'create it', edits: [], file: { kind: 'create', path: 'x.yml', text: 'a: 1\n' } } as const
    expect(runOf({ findings: [makeFinding({ fix })], texts: new Map([[PATH, TEXT]]) }).results[0]).not.toHaveProperty('fixes')
  })

  it('marks suppressed results, and then every other as not suppressed', () => {
    const run = runOf({ findings: [makeFinding(), SUPPRESSED, makeFinding({ suppressed: { kind: 'policy', by: null, reason: null, until: null } })] })
    expect(run.results.map(({ suppressions }) => suppressions)).toEqual([
      [], [{ kind: 'inSource', justification: 'known, by @team, until 2027-01-31' }], [{ kind: 'external' }],
    ])
    expect(runOf({ findings: [makeFinding()] }).results[0]).not.toHaveProperty('suppressions')
  })

  it('keeps the most severe above the limit and says how many are missing', () => {
    const low = Array.from({ length: 5 }, () => makeFinding({ severity: 'low' }))
    const run = runOf({ findings: [...low, makeFinding()] }, 2)
    expect(run.results.map(({ level }) => level)).toEqual(['error', 'note'])
    expect(run.invocations[0].toolExecutionNotifications.map(({ message }) => message.text)).toEqual(['4 results left out: the limit is 2; the most severe are kept'])
  })

  it.each([
    ['a b/ü#?.yml', 'a%20b/%C3%BC%23%3F.yml'], ['../x:y.yml', '../x%3Ay.yml'], ['/abs/x.yml', 'file:///abs/x.yml'], ['lone\ud800.yml', 'lone%EF%BF%BD.yml'],
  ])('writes the path %j as the reference %s', (path, uri) => {
    expect(JSON.stringify(runOf({ findings: [makeFinding({ path })] }))).toContain(`"uri":"${uri}"`)
  })
})
