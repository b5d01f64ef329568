import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../analysis/finding.ts'
import { formatBaseline, readBaseline, withoutBaseline } from '../../../analysis/policy/baseline.ts'

const finding = (fingerprint: string, path = 'a.yml'): Finding => ({
  ruleId: 'missing-timeout', message: 'm', severity: 'low', confidence: 'high', profile: 'regular', path,
  start: { line: 1, column: 1 }, end: { line: 1, column: 2 }, fingerprint, fix: null,
})

describe('a baseline', () => {
  it('hides what it knows and counts it', () => {
    const baseline = readBaseline(formatBaseline([finding('aa'), finding('bb')]))
    if ('error' in baseline) throw new Error(baseline.error)
    expect(withoutBaseline([finding('aa'), finding('cc'), finding('bb')], baseline)).toEqual({ findings: [finding('cc')], known: 2 })
  })

  it('is the same bytes whatever the order of the findings', () => {
    expect(formatBaseline([finding('bb', 'b.yml'), finding('cc'), finding('aa')])).toBe(formatBaseline([finding('aa'), finding('cc'), finding('bb', 'b.yml')]))
  })

  it('leaves out what is suppressed, which has an owner and a reason already', () => {
    const suppressed: Finding = { ...finding('aa'), suppressed: { kind: 'inline', by: '@team', reason: 'known', until: null } }
    expect(readBaseline(formatBaseline([suppressed]))).toEqual({ fingerprints: new Set() })
  })

  it.each([
    ['not json', 'it is not JSON'],
    ['[]', "it has no list 'findings'"],
    ['null', "it has no list 'findings'"],
    ['{"schemaVersion": 2, "findings": []}', 'its schemaVersion is not 1'],
    ['{"schemaVersion": 1, "findings": [{}]}', 'findings[0] has no fingerprint'],
  ])('refuses %s', (text, error) => {
    expect(readBaseline(text)).toEqual({ error })
  })
})
