// Whatever the text: no throw, an end, and fixes that parse, repeat to nothing and never lower a score.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyse } from '../../analysis/analyse.ts'
import { planFixes } from '../../analysis/fixes/plan-fixes.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { parse } from '../../analysis/source/parse.ts'
import { RULE_FIXTURES } from './fixture.ts'
import { inputOf } from './engine-input.ts'

const texts = readdirSync(RULE_FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => readFileSync(join(RULE_FIXTURES, name), 'utf8'))
const policy = { ...DEFAULT_POLICY, profile: 'auditor' as const }
/** Without the rule that compares uses with each other: where one is repaired, the others are the older ones. */
const eachByItself = { ...policy, rules: { 'version-divergence': { enabled: false } } }

/** Pieces that break YAML or meet a rule. */
const PIECES = ['', ' ', '\n', '\r\n', '\t', '- ', ': ', '{', '}', '[', ']', '"', "'", '#', '&a ', '*a', '|', '>', '!!str ', '${{ ', ' }}', '@', 'uses: a/b@v1', '\uFEFF', '\0', '<<: ', '? ']

const mutated = fc.record({
  text: fc.constantFrom(...texts),
  cuts: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(30), piece: fc.constantFrom(...PIECES) }), { minLength: 1, maxLength: 4 }),
}).map(({ text, cuts }) => cuts.reduce((current, { at, length, piece }) => {
  const from = Math.floor(at * current.length)
  return current.slice(0, from) + piece + current.slice(from + length)
}, text))

const pathOf = fc.constantFrom('.github/workflows/ci.yml', 'action.yml', '.github/dependabot.yml')

describe('any text', () => {
  it('is analysed without a throw and without a failing rule, the same twice', () => {
    fc.assert(fc.property(mutated, pathOf, (text, path) => {
      const input = inputOf([{ path, text }], { policy })
      const result = analyse(input)
      expect(result.failures).toEqual([])
      expect(JSON.stringify(analyse(input))).toBe(JSON.stringify(result))
      for (const { start, end } of result.findings) expect(end.line * 1e6 + end.column).toBeGreaterThanOrEqual(start.line * 1e6 + start.column)
      expect(new Set(result.findings.map(({ fingerprint }) => fingerprint)).size).toBe(result.findings.length)
    }), { numRuns: 150 })
  })

  it('gets fixes whose result parses, repeats to nothing and scores no lower', () => {
    fc.assert(fc.property(mutated, pathOf, fc.constantFrom('safe' as const, 'unsafe' as const), (text, path, safety) => {
      const plan = planFixes({ input: inputOf([{ path, text }], { policy: eachByItself, defaultBranch: 'main' }), safety })
      for (const { before, after } of plan.files) {
        expect(parse(after).problems.length).toBeLessThanOrEqual(parse(before ?? '').problems.length)
        expect(planFixes({ input: inputOf([{ path, text: after }], { policy: eachByItself, defaultBranch: 'main' }), safety }).files).toEqual([])
      }
      for (const key of ['total', 'security', 'reliability', 'performance', 'dependencies', 'maintainability'] as const) {
        expect(plan.after.score[key]).toBeGreaterThanOrEqual(plan.before.score[key])
      }
    }), { numRuns: 150 })
  })

  it.each([
    ['10,000 levels', '['.repeat(10_000)],
    ['10,000 block levels', Array.from({ length: 10_000 }, (_, i) => `${' '.repeat(i % 900)}a:\n`).join('')],
    ['300,000 commas', `on: [${','.repeat(300_000)}]`],
    ['300,000 quotes', '"'.repeat(300_000)],
    ['10,000 jobs', `on: push\njobs:\n${Array.from({ length: 10_000 }, (_, i) => `  j${i}: {runs-on: x, steps: [{uses: a/b@v1}]}\n`).join('')}`],
    ['an empty file', ''],
    ['only a comment', '# nothing'],
    ['null bytes', '\0\0\0'],
  ])('ends on %s', (_, text) => {
    expect(analyse(inputOf(text)).failures).toEqual([])
  })
})
