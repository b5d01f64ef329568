import { expect, test } from 'vitest'
import { NO_FACTS } from '../../../analysis/fact.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { analysisSchema, type Advice } from '../../../contract/analyses.ts'
import { outcomeOf } from '../../../control-plane/analyses/analysis-outcome.ts'
import { CI_PATH, DRIFTED } from '../../pull-request/drifted-workflow.ts'

const result = analyse({ files: [{ path: CI_PATH, text: DRIFTED }], paths: null, policy: DEFAULT_POLICY, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' } })
const NO_ADVICE: Advice = { state: 'off', reason: null, models: [], calls: 0, cached: 0, summary: null, explanations: [], fixes: [], dropped: { texts: 0, fixes: 0 } }
const rest = { replacedTexts: ['a'], notChecked: [], pullRequest: { state: 'none', number: null, url: null, reason: null }, advised: { advice: NO_ADVICE, tokens: 12, costMicroUsd: 34 } } as const

test('has the shape of the contract and counts what is not suppressed', () => {
  const [first, ...others] = result.findings
  if (!first) throw new Error('there is a finding')
  const suppressed = { ...first, suppressed: { kind: 'inline' as const, by: '@a', reason: 'b', until: null } }
  const outcome = analysisSchema.shape.outcome.unwrap().parse(outcomeOf({ ...rest, result: { ...result, findings: [suppressed, ...others] } }))
  expect(outcome.summary).toMatchObject({ suppressed: 1, [first.severity]: result.findings.filter(({ severity }) => severity === first.severity).length - 1 })
  expect(outcome.findings).toHaveLength(result.findings.length)
})

test('keeps what a document holds, counts all, and says how many it left out', () => {
  const findings = Array.from({ length: 40_000 }, (_, index) => ({ ...result.findings[0], message: `${index} ${'x'.repeat(300)}` })) as (typeof result.findings)[number][]
  const outcome = outcomeOf({ ...rest, result: { ...result, findings } })
  expect(JSON.stringify(outcome).length).toBeLessThan(8_000_000)
  expect(outcome.findings.length + (outcome.notChecked.at(-1)?.count ?? 0)).toBe(40_000)
  expect(outcome.summary[findings[0]?.severity ?? 'info']).toBe(40_000)
})

test('says which rule failed on which file', () => {
  const outcome = outcomeOf({ ...rest, result: { ...result, failures: [{ ruleId: 'some-rule', path: CI_PATH, error: 'broke' }] } })
  expect(outcome.notChecked).toContainEqual({ what: `some-rule on ${CI_PATH}`, reason: 'the rule failed: broke', count: 1 })
})
