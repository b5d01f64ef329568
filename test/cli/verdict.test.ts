import { describe, expect, it } from 'vitest'
import { verdictOn } from '../../cli/verdict.ts'
import { SUPPRESSED, makeFinding } from '../analysis/report/make-report.ts'

describe('verdictOn', () => {
  it('is 3 when a rule failed, with and without findings, whatever the threshold', () => {
    const failures = [{ ruleId: 'missing-timeout', path: 'x.yml', error: 'boom' }]
    expect(verdictOn({ findings: [], failures }, 'low')).toBe(3)
    expect(verdictOn({ findings: [makeFinding()], failures }, 'none')).toBe(3)
  })

  it('is 1 from the threshold on', () => {
    const verdicts = (['none', 'low', 'medium', 'high'] as const).map((threshold) =>
      (['info', 'low', 'medium', 'high'] as const).map((severity) => verdictOn({ findings: [makeFinding({ severity })], failures: [] }, threshold)))
    expect(verdicts).toEqual([[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])
  })

  it('does not count what is suppressed', () => {
    expect(verdictOn({ findings: [SUPPRESSED], failures: [] }, 'low')).toBe(0)
  })
})
