import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Finding } from '../../analysis/finding.ts'
import { SEVERITIES } from '../../analysis/finding.ts'
import { rules } from '../../analysis/rules/index.ts'
import { scoreOf } from '../../analysis/score.ts'

const at = { line: 1, column: 1 }
const findingOf = (ruleId: string, severity: Finding['severity']): Finding =>
  ({ ruleId, severity, message: '', confidence: 'high', profile: 'regular', path: 'a', start: at, end: at, fingerprint: '', fix: null })
const categories = ['security', 'reliability', 'performance', 'dependencies', 'maintainability'] as const
const categoryOf = (ruleId: string) => categories[Number(ruleId)]

it('computes the example of docs/score.md', () => {
  const findings = [findingOf('unpinned-action', 'high'), findingOf('unpinned-action', 'high'), findingOf('deprecated-command', 'medium')]
  const score = scoreOf(findings, (ruleId) => rules.find(({ meta }) => meta.id === ruleId)?.meta.category)
  expect(score).toEqual({ total: 92, security: 80, reliability: 100, performance: 100, dependencies: 100, maintainability: 96 })
})

it('is 100 without findings, counts a habit at most four times, and ignores what is suppressed or information', () => {
  expect(scoreOf([], categoryOf).total).toBe(100)
  expect(scoreOf(Array.from({ length: 50 }, () => findingOf('0', 'high')), categoryOf).security).toBe(60)
  const suppressed = { ...findingOf('0', 'high'), suppressed: { kind: 'inline' as const, by: '@a', reason: 'b', until: null } }
  expect(scoreOf([suppressed, findingOf('1', 'info')], categoryOf).total).toBe(100)
})

it('never falls when a finding goes away or becomes milder', () => {
  const finding = fc.record({ ruleId: fc.constantFrom('0', '1', '2', '3', '4', '5'), severity: fc.constantFrom(...SEVERITIES) })
  fc.assert(fc.property(fc.array(finding, { minLength: 1, maxLength: 40 }), fc.nat(), (list, pick) => {
    const findings = list.map(({ ruleId, severity }) => findingOf(ruleId, severity))
    const index = pick % findings.length
    const milder = SEVERITIES[Math.max(0, SEVERITIES.indexOf(findings[index]?.severity ?? 'info') - 1)] ?? 'info'
    const before = scoreOf(findings, categoryOf)
    const without = scoreOf(findings.filter((_, i) => i !== index), categoryOf)
    const softened = scoreOf(findings.map((one, i) => (i === index ? { ...one, severity: milder } : one)), categoryOf)
    for (const key of ['total', ...categories] as const) {
      expect(without[key]).toBeGreaterThanOrEqual(before[key])
      expect(softened[key]).toBeGreaterThanOrEqual(before[key])
    }
  }))
})
