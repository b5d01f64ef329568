// What is kept of an analysis for the organisation's view: complete for a usual repository, bounded for any.
import { expect, test } from 'vitest'
import { analyse, type SourceFile } from '../../../analysis/analyse.ts'
import { dateWorkflows, fleetFactsOf } from '../../../control-plane/repositories/fleet-facts.ts'
import { inputOf } from '../../analysis/engine-input.ts'

const workflow = (uses: string, image = 'ubuntu-22.04') => `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ${image}\n    timeout-minutes: 5\n    steps:\n      - uses: ${uses}\n`
const at = (name: string, text: string): SourceFile => ({ path: `.github/workflows/${name}.yml`, text })

function factsOf(files: readonly SourceFile[]) {
  const input = inputOf(files)
  return fleetFactsOf(input, analyse(input))
}

test('rules with their counts, ends with their places, workflows with the versions they use', () => {
  const facts = factsOf([at('ci', workflow('acme/build@v2')), at('nightly', workflow('acme/build@v1 # autodevops: ignore[unpinned-action] by=@acme known')), { path: '.github/workflows/huge.yml', error: 'too large' }])
  expect(facts.rules).toContainEqual({ ruleId: 'unpinned-action', severity: 'high', count: 1 })
  expect(facts.calendar).toEqual([expect.objectContaining({
    subject: "the image 'ubuntu-22.04'", unlisted: 0, places: [{ path: '.github/workflows/ci.yml', line: 5 }, { path: '.github/workflows/nightly.yml', line: 5 }],
  })])
  expect(facts.calendar[0]).not.toHaveProperty('days')
  expect(facts.workflows.map(({ path, uses, changedAt }) => [path, uses, changedAt])).toEqual([
    ['.github/workflows/ci.yml', [{ action: 'acme/build', version: 'v2' }], null], ['.github/workflows/nightly.yml', [{ action: 'acme/build', version: 'v1' }], null],
  ])
  expect([facts.uncompared, facts.unreadable]).toEqual([0, 1])
})

test('stays small for 2,000 workflows, and says how much found no room', () => {
  const facts = factsOf(Array.from({ length: 2_000 }, (_, n) => at(`service-${n}-${'x'.repeat(60)}`, workflow('acme/build@v2'))))
  expect(JSON.stringify(facts).length).toBeLessThan(80_000)
  expect(facts.workflows.length).toBeGreaterThan(100)
  expect(facts.workflows.length + facts.uncompared).toBe(2_000)
  const [end] = facts.calendar
  expect((end?.places.length ?? 0) + (end?.unlisted ?? 0)).toBe(2_000)
})

test('one workflow that finds no room leaves it to the others', () => {
  const many = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${Array.from({ length: 3_000 }, (_, n) => `      - uses: acme/action-${n}@v1\n`).join('')}`
  const facts = factsOf([at('a-many', many), at('ci', workflow('acme/build@v2'))])
  expect([facts.workflows.map(({ path }) => path), facts.uncompared]).toEqual([['.github/workflows/ci.yml'], 1])
})

test('a workflow has the time at which it was first seen as it is; the first analysis knows none', () => {
  const [monday, tuesday, friday] = [new Date('2026-11-23T08:00:00Z'), new Date('2026-11-24T08:00:00Z'), new Date('2026-11-27T08:00:00Z')]
  const timesOf = ({ workflows }: ReturnType<typeof factsOf>) => workflows.map(({ changedAt }) => changedAt)
  const first = dateWorkflows(factsOf([at('ci', workflow('acme/build@v1'))]), undefined, monday)
  const second = dateWorkflows(factsOf([at('ci', workflow('acme/build@v2')), at('new', workflow('acme/build@v2'))]), first, tuesday)
  const third = dateWorkflows(factsOf([at('ci', `${workflow('acme/build@v2')}# a comment\n`)]), second, friday)
  expect([timesOf(first), timesOf(second), timesOf(third)]).toEqual([[null], [tuesday.toISOString(), tuesday.toISOString()], [tuesday.toISOString()]])
})
