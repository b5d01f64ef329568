// The folder is the test: every bad-*.yml reports what its .out says and becomes its .fixed.yml; every ok-*.yml reports nothing.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RuleCase } from '../fixture.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { planFixes, withChanges } from '../../../analysis/fixes/plan-fixes.ts'
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

/** The case's file after the fixes, and what they write elsewhere. */
function fixedBy(ruleCase: RuleCase, ruleId: string): { readonly text: string; readonly written: string } {
  if (ruleCase.fix === 'none') return { text: ruleCase.text, written: '' }
  const accepts = ruleCase.fixes === 'all' ? () => true : (finding: { ruleId: string }) => finding.ruleId === ruleId
  const plan = planFixes({ input: ruleCase.input, safety: ruleCase.fix, accepts })
  const again = planFixes({ input: withChanges(ruleCase.input, plan.files), safety: ruleCase.fix, accepts })
  expect(again.files, 'a second application changes nothing').toEqual([])
  const written = plan.files.filter(({ path }) => !ruleCase.input.files.some((file) => file.path === path))
  return {
    text: plan.files.find(({ path }) => path === ruleCase.path)?.after ?? ruleCase.text,
    written: written.map(({ path, after }) => `=== ${path}\n${after}`).join(''),
  }
}

describe.each(ruleIds)('%s', (ruleId) => {
  const cases = readRuleCases(ruleId)

  it('has at least three bad cases and one good one', () => {
    expect(cases.filter(({ isBad }) => isBad).length).toBeGreaterThanOrEqual(3)
    expect(cases.some(({ isBad }) => !isBad)).toBe(true)
  })

  it.each(cases.map((ruleCase) => ({ ...ruleCase, title: ruleCase.name })))('$title', (ruleCase) => {
    const { isBad, expected, fixed, text, written } = ruleCase
    expect(reportOf(ruleCase, ruleId)).toBe(isBad ? (expected ?? 'a .out file').replaceAll('\r\n', '\n') : '')
    expect(fixedBy(ruleCase, ruleId)).toEqual({ text: fixed ?? text, written })
  })
})
