import { describe, expect, it } from 'vitest'
import { escapeData, escapeProperty, renderGithub } from '../../../analysis/report/github.ts'
import { HOSTILE, NOT_CHECKED, SUPPRESSED, makeFinding, makeReport } from './make-report.ts'

const commandsIn = (text: string, level: string): string[] => text.split('\n').filter((line) => line.startsWith(`::${level}`))
const many = (count: number, changes: Parameters<typeof makeFinding>[0] = {}) =>
  Array.from({ length: count }, (_, index) => makeFinding({ start: { line: index + 1, column: 1 }, end: { line: index + 1, column: 2 }, ...changes }))

describe('renderGithub', () => {
  it('annotates a finding at its place', () => {
    expect(renderGithub(makeReport({ findings: [makeFinding()] })).split('\n')[0]).toBe(
      "::error file=.github/workflows/ci.yml,line=2,endLine=2,col=3,endColumn=7,title=unpinned-action (high)::'acme/build@v3' can change under you",
    )
  })

  it('gives no columns over several lines, where they would mean nothing', () => {
    const line = renderGithub(makeReport({ findings: [makeFinding({ end: { line: 4, column: 1 } })] }))
    expect(line).toContain('line=2,endLine=4,title=')
  })

  it('escapes what would end a message or a property', () => {
    expect(escapeData('100 %\r\n::error::')).toBe('100 %25%0D%0A::error::')
    expect(escapeProperty('a,b:c%\n')).toBe('a%2Cb%3Ac%25%0A')
  })

  it('lets no text become a command or a line of its own', () => {
    const text = renderGithub(makeReport({ findings: [makeFinding({ message: HOSTILE, path: HOSTILE })], notChecked: [{ what: HOSTILE, reason: HOSTILE, count: 1 }], failures: [{ ruleId: 'x', path: HOSTILE, error: HOSTILE }] }))
    expect(text.trimEnd().split('\n')).toHaveLength(4)
    expect(text).toContain('file=%250A%0D%0A%3A%3Aerror%3A%3Ax')
  })

  it.each([['high', 'error'], ['medium', 'warning'], ['low', 'notice'], ['info', 'notice']] as const)('shows at most ten of severity %s and sums up the rest', (severity, level) => {
    const ten = renderGithub(makeReport({ findings: many(10, { severity }) }))
    expect(commandsIn(ten, level)).toHaveLength(10)
    expect(ten).not.toContain('more finding')
    const text = renderGithub(makeReport({ findings: [...many(25, { severity }), ...many(5, { severity, ruleId: 'missing-timeout' })] }))
    expect(commandsIn(text, level)).toHaveLength(10)
    expect(commandsIn(text, level).at(-1)).toBe(`::${level}::21 more findings of this level, not shown as annotations: unpinned-action 16, missing-timeout 5`)
  })

  it('keeps to ten where remarks need room too', () => {
    const text = renderGithub(makeReport({ findings: [...many(11), ...many(11, { severity: 'low' })], notChecked: [NOT_CHECKED], failures: [{ ruleId: 'x', path: 'y', error: 'z' }] }))
    expect(commandsIn(text, 'error')).toHaveLength(10)
    expect(commandsIn(text, 'notice')).toHaveLength(10)
    expect(text).toContain('3 more findings of this level')
    expect(text).toContain('::notice::Not checked:%0Athe commit behind a tag or branch (3 places): rate limited')
  })

  it('annotates no suppressed finding, but counts it in the last line', () => {
    expect(renderGithub(makeReport({ findings: [SUPPRESSED] }))).toBe('AutoDevOps: 1 file: no findings, 1 suppressed\n')
  })
})
