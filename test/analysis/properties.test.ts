// Whatever the text: no throw, an end, and fixes that parse, repeat to nothing and never lower a score.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyse } from '../../analysis/analyse.ts'
import type { AnalyseResult } from '../../analysis/analyse.ts'
import type { Facts } from '../../analysis/fact.ts'
import type { Finding, FixSafety } from '../../analysis/finding.ts'
import type { FixPlan } from '../../analysis/fixes/plan-fixes.ts'
import type { Score } from '../../analysis/score.ts'
import { factKey } from '../../analysis/fact.ts'
import { planFixes, withChanges } from '../../analysis/fixes/plan-fixes.ts'
import { ruleById } from '../../analysis/rules/index.ts'
import { scoreOf } from '../../analysis/score.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { parse } from '../../analysis/source/parse.ts'
import { RULE_FIXTURES } from './fixture.ts'
import { inputOf, stepsOf } from './engine-input.ts'

const texts = readdirSync(RULE_FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => readFileSync(join(RULE_FIXTURES, name), 'utf8'))
const policy = { ...DEFAULT_POLICY, profile: 'auditor' as const }

const SCORES = ['total', 'security', 'reliability', 'performance', 'dependencies', 'maintainability'] as const

/** Safe fixes may move one use of an action and not another: that one is then said to be older, for which it has its unsafe fix. */
function expectNoLower({ before, after }: FixPlan, safety: FixSafety): void {
  const diverges = ({ ruleId }: Finding): boolean => safety === 'safe' && ruleId === 'version-divergence'
  const scores = ({ findings }: AnalyseResult): Score => scoreOf(findings.filter((finding) => !diverges(finding)), (ruleId) => ruleById(ruleId)?.meta.category)
  for (const key of SCORES) expect(scores(after)[key], key).toBeGreaterThanOrEqual(scores(before)[key])
  expect(after.score.total).toBeGreaterThanOrEqual(before.score.total)
}

/** Living and dead, moving and exact, with a commit that the bundled data knows and with others, of a listed action and of another one. */
const REFS = ['v3', 'v4', 'v4.4.0', 'v5', 'v6', 'v7', 'v7.0.0', `${'a'.repeat(40)} # v7.0.0`, `${'b'.repeat(40)} # v4.2.0`, '3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1', 'main']
const use = fc.oneof(
  fc.record({ ref: fc.constantFrom(...REFS), hasInput: fc.boolean() }).map(({ ref, hasInput }) => [`- uses: actions/checkout@${ref}`, ...(hasInput ? ['  with: { no-such-input: x }'] : [])]),
  fc.constantFrom('v1', 'v2', 'v2.1.0', `${'c'.repeat(40)} # v2.0.0`, `${'d'.repeat(40)} # v2.1.0`).map((ref) => [`- uses: someone/tool@${ref}`]),
)
const COMMITS: Facts = new Map([
  ...['v3', 'v4', 'v5', 'v6', 'v7'].map((ref) => ['actions/checkout', ref, ref === 'v7' ? '3d3c42e5aac5ba805825da76410c181273ba90b1' : ref.slice(1).repeat(40)] as const),
  ...['v1', 'v2', 'v2.1.0'].map((ref) => ['someone/tool', ref, ref === 'v2.1.0' ? 'd'.repeat(40) : ref.slice(1).repeat(40)] as const),
].map(([repository, ref, commit]) => [factKey({ kind: 'ref', repository, ref }), { status: 'known', value: { commit, type: 'tag' } }] as const))

const places = fc.array(fc.array(use, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
/** Paths of repositories that lack tests and scans. */
const STACKS = [['a.go', 'a_test.go', 'go.mod', 'go.sum'], ['Cargo.lock', 'Cargo.toml', 'a.py', 'src/a.rs', 'tests/a.rs']] as const

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
      const plan = planFixes({ input: inputOf([{ path, text }], { policy, defaultBranch: 'main' }), safety })
      for (const { before, after } of plan.files) {
        expect(parse(after).problems.length).toBeLessThanOrEqual(parse(before ?? '').problems.length)
        expect(planFixes({ input: inputOf([{ path, text: after }], { policy, defaultBranch: 'main' }), safety }).files).toEqual([])
      }
      expectNoLower(plan, safety)
    }), { numRuns: 150 })
  })

  it('gets fixes of one action in several places that repeat to nothing and score no lower', () => {
    fc.assert(fc.property(places, fc.constantFrom('safe' as const, 'unsafe' as const), fc.boolean(), (uses, safety, isTold) => {
      const files = uses.map((lines, index) => ({ path: `.github/workflows/${index}.yml`, text: stepsOf(...lines.flat()) }))
      const input = inputOf(files, { policy, ...(isTold ? { facts: COMMITS } : {}) })
      const plan = planFixes({ input, safety })
      expect(planFixes({ input: withChanges(input, plan.files), safety }).files).toEqual([])
      expectNoLower(plan, safety)
    }), { numRuns: 300 })
  })

  it('gets new workflows beside those, before or behind them, that repeat to nothing and score no lower', () => {
    fc.assert(fc.property(places, fc.constantFrom('a', 'cm', 'z'), fc.boolean(), fc.constantFrom(...STACKS), (uses, name, isTold, stack) => {
      const files = uses.map((lines, index) => ({ path: `.github/workflows/${name}${index}.yml`, text: stepsOf(...lines.flat()) }))
      const input = inputOf(files, { policy, paths: [...files.map(({ path }) => path), ...stack], defaultBranch: 'main', ...(isTold ? { facts: COMMITS } : {}) })
      const plan = planFixes({ input, safety: 'unsafe' })
      expect(planFixes({ input: withChanges(input, plan.files), safety: 'unsafe' }).files).toEqual([])
      expectNoLower(plan, 'unsafe')
    }), { numRuns: 30 })
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
