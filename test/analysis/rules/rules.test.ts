// The folder is the test: every bad-*.yml reports what its .out says and becomes its .fixed.yml; every ok-*.yml reports nothing.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RuleCase } from '../fixture.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { RULE_FIXTURES, readRuleCases } from '../fixture.ts'

const ruleIds = readdirSync(RULE_FIXTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)

function reportOf({ input, path }: RuleCase, ruleId: string): string {
  const { findings, failures } = analyse(input)
  expect(failures).toEqual([])
  return findings
    .filter((finding) => finding.ruleId === ruleId && finding.path === path && finding.suppressed === undefined)
    .map(({ start, severity, message }) => `${start.line}:${start.column} ${ruleId} ${severity} ${message}\n`)
    .join('')
}

function fixedText(ruleCase: RuleCase, ruleId: string): string {
  if (ruleCase.fix === 'none') return ruleCase.text
  const accepts = ruleCase.fixes === 'all' ? () => true : (finding: { ruleId: string }) => finding.ruleId === ruleId
  const plan = planFixes({ input: ruleCase.input, safety: ruleCase.fix, accepts })
  const texts = new Map(plan.files.map((file) => [file.path, file.after]))
  const files = ruleCase.input.files.map((file) => ('text' in file ? { ...file, text: texts.get(file.path) ?? file.text } : file))
  const again = planFixes({ input: { ...ruleCase.input, files }, safety: ruleCase.fix, accepts })
  expect(again.files, 'a second application changes nothing').toEqual([])
  return texts.get(ruleCase.path) ?? ruleCase.text
}

describe.each(ruleIds)('%s', (ruleId) => {
  const cases = readRuleCases(ruleId)

  it('has at least three bad cases and one good one', () => {
    expect(cases.filter(({ isBad }) => isBad).length).toBeGreaterThanOrEqual(3)
    expect(cases.some(({ isBad }) => !isBad)).toBe(true)
  })

  it.each(cases.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))('$title', (ruleCase) => {
    const { isBad, expected, fixed, text } = ruleCase
    expect(reportOf(ruleCase, ruleId)).toBe(isBad ? (expected ?? 'a .out file').replaceAll('\r\n', '\n') : '')
    expect(fixedText(ruleCase, ruleId)).toBe(fixed ?? text)
  })
})
