import { describe, expect, it } from 'vitest'
import { renderJson } from '../../../analysis/report/json.ts'
import { NOT_CHECKED, SUPPRESSED, makeFinding, makeReport } from './make-report.ts'

describe('renderJson', () => {
  it('has the documented keys in their order, and no others', () => {
    const fix = { safety: 'safe', description: 'pin it', edits: [{ start: 4, end: 8, text: 'x' }] } as const
    const text = renderJson(makeReport({
      files: [{ path: 'a.yml', kind: 'workflow', status: 'analysed' }, { path: 'b.yml', kind: 'unknown', status: 'unreadable', error: 'binary' }],
      findings: [makeFinding({ fix }), SUPPRESSED],
      notChecked: [NOT_CHECKED],
    }))
    const document = JSON.parse(text) as { files: object[]; findings: object[]; summary: object }
    expect(Object.keys(document)).toEqual(['schemaVersion', 'files', 'findings', 'summary'])
    expect(document.files.map((file) => Object.keys(file))).toEqual([['path', 'kind', 'status'], ['path', 'kind', 'status', 'error']])
    const keys = ['ruleId', 'message', 'severity', 'confidence', 'profile', 'path', 'start', 'end', 'fingerprint']
    expect(document.findings.map((finding) => Object.keys(finding))).toEqual([[...keys, 'fix'], [...keys, 'suppressed', 'fix']])
    expect(document.findings[0]).toMatchObject({ fix })
    expect(document.summary).toMatchObject({ files: 2, unreadable: 1, high: 1, suppressed: 1, fixable: 1, score: { total: 90 }, notChecked: [NOT_CHECKED], failures: [] })
  })

  it('lists what another tool silences apart from the findings', () => {
    const suppressed = { kind: 'foreign', by: null, reason: 'read', until: null } as const
    const document = JSON.parse(renderJson(makeReport({ findings: [makeFinding({ suppressed }), makeFinding()] }))) as
      { findings: object[]; suppressedElsewhere: object[]; summary: { suppressed: number } }
    expect(document.findings).toMatchObject([{ ruleId: 'unpinned-action' }])
    expect(document.findings[0]).not.toHaveProperty('suppressed')
    expect(document.suppressedElsewhere).toMatchObject([{ ruleId: 'unpinned-action', suppressed }])
    expect(document.summary.suppressed).toBe(1)
  })

  it('says where a finding has other equivalents than its rule', () => {
    const document = JSON.parse(renderJson(makeReport({ findings: [makeFinding({ equivalents: { codeql: [] } })] }))) as { findings: object[] }
    expect(document.findings).toMatchObject([{ equivalents: { codeql: [] } }])
  })

  it('prints what no JSON reader trips over', () => {
    const text = renderJson(makeReport({ findings: [makeFinding({ message: '\u2028 \ud800 \0 "' })] }))
    expect((JSON.parse(text) as { findings: { message: string }[] }).findings[0]?.message).toBe('\u2028 \ud800 \0 "')
    expect(text.endsWith('}\n')).toBe(true)
  })
})
