import { describe, expect, it } from 'vitest'
import { NO_COLOURS, renderText } from '../../../analysis/report/text.ts'
import { HOSTILE, NOT_CHECKED, SUPPRESSED, makeFinding, makeReport } from './make-report.ts'

const PATH = '.github/workflows/ci.yml'
const withText = (text: string, ...findings: ReturnType<typeof makeFinding>[]) => renderText(makeReport({ findings, texts: new Map([[PATH, text]]) }))

describe('renderText', () => {
  it('puts the line and a mark under a finding, and its fix', () => {
    const fix = { safety: 'safe', description: 'pin it', edits: [] } as const
    expect(withText('a\n  uses\n', makeFinding({ fix }))).toBe([
      PATH,
      "  2:3  high  'acme/build@v3' can change under you  unpinned-action",
      '    2 |   uses',
      '      |   ^^^^',
      '    fix (safe): pin it',
      '',
      '1 file: 1 high; 1 with a fix; score 90 of 100',
      '',
    ].join('\n'))
  })

  it('shows a line once for findings on the same place, with their common fix', () => {
    const fix = { safety: 'safe', description: 'pin it', edits: [] } as const
    const text = withText('a\n  uses\n', makeFinding({ fix }), makeFinding({ fix, ruleId: 'dead-action-runtime' }))
    expect(text.split('\n').filter((line) => line.includes('^^^^'))).toHaveLength(1)
    expect(text.split('\n').filter((line) => line.includes('pin it'))).toHaveLength(1)
    expect(text).toContain('2 high; 2 with a fix')
  })

  it('keeps tabs under tabs', () => {
    expect(withText('a\n\t uses\n', makeFinding())).toContain('| \t uses\n      | \t ^^^^\n')
  })

  it('marks to the end of the line where the place has several lines', () => {
    expect(withText('a\n  uses: x  \nb\n', makeFinding({ end: { line: 3, column: 2 } }))).toContain('      |   ^^^^^^^\n')
  })

  it('cuts a long line around the place', () => {
    const text = withText(`a\n${'x'.repeat(5_000)}HERE${'y'.repeat(5_000)}\n`, makeFinding({ start: { line: 2, column: 5_001 }, end: { line: 2, column: 5_005 } }))
    const [line, mark] = text.split('\n').slice(2, 4)
    expect(line).toMatch(/\.\.\.x+HEREy+\.\.\.$/)
    expect(line?.length).toBeLessThan(200)
    expect(line?.indexOf('HERE')).toBe(mark?.indexOf('^^^^'))
  })

  it('never prints a line on which a secret stands', () => {
    const text = withText('a\n  password: hush\n', makeFinding({ ruleId: 'hardcoded-container-credentials' }))
    expect(text).toContain('hardcoded-container-credentials')
    expect(text).not.toContain('hush')
  })

  it('leaves the line out where there is none, or only blanks', () => {
    for (const text of ['', 'a\n', 'a\n   \n']) expect(withText(text, makeFinding())).not.toContain('|')
    expect(withText('a\nb\n', makeFinding({ start: { line: 9, column: 1 }, end: { line: 9, column: 1 } }))).not.toContain('|')
  })

  it('lists no suppressed finding, but counts it', () => {
    const text = renderText(makeReport({ findings: [SUPPRESSED] }))
    expect(text).toBe('1 file: no findings; 1 suppressed; score 90 of 100\n')
  })

  it('names eight things that were not checked, and how many more there are', () => {
    const notChecked = Array.from({ length: 10 }, (_, index) => ({ ...NOT_CHECKED, what: `thing ${index}` }))
    const text = renderText(makeReport({ notChecked }))
    expect(text.match(/^not checked: thing/gm)).toHaveLength(8)
    expect(text).toContain('not checked: 2 more; --format json names them all\n')
  })

  it('names what was not checked, rules that failed and unreadable files', () => {
    const text = renderText(makeReport({
      files: [{ path: 'x.yml', kind: 'unknown', status: 'unreadable', error: 'binary' }],
      notChecked: [NOT_CHECKED],
      failures: [{ ruleId: 'missing-timeout', path: 'x.yml', error: 'boom' }],
    }))
    expect(text).toContain('not checked: the commit behind a tag or branch (3 places): rate limited\n')
    expect(text).toContain('rule failed: missing-timeout on x.yml: boom')
    expect(text).toContain('1 file unreadable')
  })

  it('prints nothing that moves a cursor, starts a line or turns the reading direction', () => {
    const text = withText(`a\n${HOSTILE.replace('\r\n', '')}\n`, makeFinding({ message: HOSTILE, ruleId: 'x' }))
    expect(text).not.toContain('\x1b')
    expect(text).not.toContain('\u202e')
    expect(text.split('\n').some((line) => line.startsWith('::'))).toBe(false)
    expect(text).toContain('\\x1b[31m\\u202e')
  })

  it('colours by severity only with a palette', () => {
    const palette = { ...NO_COLOURS, red: (text: string) => `<${text}>` }
    expect(renderText(makeReport({ findings: [makeFinding()] }), palette)).toContain('  <high>  ')
  })
})
