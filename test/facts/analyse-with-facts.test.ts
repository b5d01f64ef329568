import { expect, test } from 'vitest'
import type { AnalyseInput } from '../../analysis/analyse.ts'
import { factKey, NO_FACTS, type FactAnswer, type FactRequest, type Facts } from '../../analysis/fact.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { analyseWithFacts } from '../../facts/analyse-with-facts.ts'

const COMMIT = 'c'.repeat(40)
const TEXT = `name: CI
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v3
      - run: make
`
const inputOf = (text: string): AnalyseInput => ({
  files: [{ path: '.github/workflows/ci.yml', text }], paths: null, policy: DEFAULT_POLICY, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' },
})

function codeHost(answer: (request: FactRequest) => FactAnswer | null) {
  const rounds: string[][] = []
  const ask = (wanted: readonly FactRequest[]): Promise<Facts> => {
    rounds.push(wanted.map(factKey).sort())
    return Promise.resolve(new Map(wanted.flatMap((request) => {
      const given = answer(request)
      return given === null ? [] : [[factKey(request), given] as const]
    })))
  }
  return { rounds, ask }
}

const read = (paths: readonly string[]) => Promise.resolve(paths.map((path) => ({ path, error: 'not here' })))

const known = (request: FactRequest): FactAnswer => request.kind === 'ref'
  ? { status: 'known', value: { commit: COMMIT, type: 'tag' } }
  : { status: 'known', value: { releases: [{ tag: 'v7.9.9', publishedAt: '2026-09-01T00:00:00Z', prerelease: false }] } }

test('asks on when an answer leads to a further question, and each question once', async () => {
  const { rounds, ask } = codeHost(known)
  const { input, result } = await analyseWithFacts(inputOf(TEXT), { ask, read })
  expect(rounds).toHaveLength(2)
  expect(rounds[0]).toContain('releases:actions/checkout')
  expect(rounds[1]).toEqual(['ref:actions/checkout@v7.9.9'])
  expect(new Set(rounds.flat()).size).toBe(rounds.flat().length)
  expect(result.wanted).toEqual([])
  expect(input.facts.size).toBe(rounds.flat().length)
  expect(result.findings.flatMap(({ fix }) => fix?.edits.map(({ text }) => text) ?? []).join('')).toContain(COMMIT)
})

test('asks nothing when nothing is wanted', async () => {
  const { rounds, ask } = codeHost(known)
  const input = inputOf(TEXT.replace('      - uses: actions/checkout@v3\n', ''))
  expect((await analyseWithFacts(input, { ask, read })).input).toBe(input)
  expect(rounds).toEqual([])
})

test('ends although a question is never answered', async () => {
  const { rounds, ask } = codeHost(() => null)
  const { result } = await analyseWithFacts(inputOf(TEXT), { ask, read })
  expect(rounds).toHaveLength(3)
  expect(result.notChecked.length).toBeGreaterThan(0)
})

test('reads each manifest that is asked for once, whether it has a text or not', async () => {
  const { ask } = codeHost(known)
  const input = { ...inputOf(TEXT.replace('on: push', 'on: release').replace('      - uses: actions/checkout@v3\n', '').replace('make', 'echo')), paths: ['.github/workflows/ci.yml', 'a.js', 'a.test.js', 'package-lock.json', 'package.json'], policy: { ...DEFAULT_POLICY, profile: 'pedantic' as const } }
  const reads: string[] = []
  const answer = (given: { readonly text: string } | { readonly error: string }) => analyseWithFacts(input, {
    ask, read: (paths) => { reads.push(...paths); return Promise.resolve(paths.map((path) => ({ path, ...given }))) },
  })
  const fixOf = ({ result }: Awaited<ReturnType<typeof answer>>) => result.findings.find(({ ruleId }) => ruleId === 'no-tests')?.fix?.file?.text
  const { manifests } = (await answer({ text: '{"scripts": {"test": "node --test"}}' })).input
  expect(manifests).toEqual([{ path: 'package.json', text: '{"scripts": {"test": "node --test"}}' }])
  expect(fixOf(await answer({ text: '{"scripts": {"test": "node --test"}}' }))).toContain('run: npm run test\n')
  expect(fixOf(await answer({ error: 'gone' }))).toBeUndefined()
  expect(reads).toEqual(['package.json', 'package.json', 'package.json'])
})
