import { describe, expect, it } from 'vitest'
import { MAX_SUMMARY_BYTES, escapeMarkdown, renderMarkdown } from '../../../analysis/report/markdown.ts'
import { HOSTILE, NOT_CHECKED, SUPPRESSED, makeFinding, makeReport } from './make-report.ts'

const rowsIn = (text: string): string[] => text.split('\n').filter((line) => /^\| (?:high|medium|low|info) \|/.test(line))

describe('renderMarkdown', () => {
  it('is a table with the most severe first, then what was not checked', () => {
    const fix = { safety: 'safe', description: 'pin it', edits: [] } as const
    const text = renderMarkdown(makeReport({ findings: [makeFinding({ severity: 'low', fix: null }), makeFinding({ fix })], notChecked: [NOT_CHECKED] }))
    expect(text).toMatch(/^## AutoDevOps\n\n\*\*1 high, 1 low\*\* in 1 file, score 90 of 100\n/)
    expect(rowsIn(text).map((row) => row.slice(0, 7))).toEqual(['| high ', '| low |'])
    expect(rowsIn(text)[0]).toContain('.github/workflows/ci.yml:2')
    expect(rowsIn(text)[0]).toMatch(/\| safe: pin it \|$/)
    expect(text).toContain('Not checked:\n\n- the commit behind a tag or branch &#40;3 places&#41;: rate limited\n')
  })

  it('has no table where there is nothing to report', () => {
    expect(renderMarkdown(makeReport({ findings: [SUPPRESSED] }))).toBe('## AutoDevOps\n\n**no findings** in 1 file, score 90 of 100\n\n\n1 finding suppressed.\n')
  })

  it('lets no text become markup, a cell, a row, a mention, a reference or a link', () => {
    const text = renderMarkdown(makeReport({ findings: [makeFinding({ message: HOSTILE, path: HOSTILE, fix: { safety: 'safe', description: HOSTILE, edits: [] } })] }))
    const [row] = rowsIn(text)
    expect(rowsIn(text)).toHaveLength(1)
    expect(row?.match(/\|/g)).toHaveLength(6)
    expect(text).not.toContain('<img')
    expect(text).not.toContain('`code`')
    expect(text).not.toContain('**b**')
    expect(text).not.toMatch(/(^|\W)@everyone/)
    expect(text).not.toMatch(/#1(?!\d)(?!;)/)
    expect(text).not.toContain('://evil')
    expect(text).not.toContain('![')
    expect(text).not.toContain('\x1b')
  })

  it.each([
    ['a@b.example', 'a@b.example'],
    ['@team', '@<!-- -->team'],
    ['(@team)', '&#40;@<!-- -->team&#41;'],
    ['fixes #12', 'fixes #<!-- -->12'],
    ['GH-7', 'GH<!-- -->-7'],
    ['see www.evil.example', 'see www<!-- -->.evil.example'],
    ['# title', '#<!-- --> title'],
    ['- item', '&#45; item'],
    ['12. item', '&#49;2. item'],
    ['a\nb', 'a&#92;nb'],
    ['${{ x }}', '&#36;&#123;&#123; x &#125;&#125;'],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })

  it('stays under its limit in bytes and says how many rows are missing', () => {
    const findings = Array.from({ length: 20_000 }, (_, index) => makeFinding({ message: `größer ${'ü'.repeat(50)} ${index}` }))
    for (const limit of [MAX_SUMMARY_BYTES, 100_000]) {
      const text = renderMarkdown(makeReport({ findings, notChecked: Array.from({ length: 50 }, () => ({ ...NOT_CHECKED, reason: '<'.repeat(5_000) })) }), limit)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit)
      expect(Buffer.byteLength(text)).toBeGreaterThan(limit / 2)
      const shown = rowsIn(text).length
      expect(text).toContain(`\n${20_000 - shown} more not shown`)
    }
  })
})
