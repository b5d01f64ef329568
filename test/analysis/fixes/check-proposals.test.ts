import { describe, expect, it } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { checkProposals, type CheckedProposals } from '../../../analysis/fixes/check-proposals.ts'
import { openSpans } from '../../../analysis/fixes/open-spans.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { judgeChange } from '../../../analysis/fixes/judge-change.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { WORKFLOW_PATH, inputOf } from '../engine-input.ts'

const TEXT = `name: CI
on: [push]
permissions:
  contents: read
concurrency:
  group: ci
jobs:
  test:
    runs-on: ubuntu-20.04
    timeout-minutes: 10
    steps:
      - run: make test
`
const input = { ...inputOf(TEXT), policy: { ...DEFAULT_POLICY, profile: 'pedantic' as const } }

/** Replaces a text of the file for the finding of a rule. */
function propose(ruleId: string, old: string, by: string): CheckedProposals {
  const [span] = openSpans(input, new Set(analyse(input).findings.filter((finding) => finding.ruleId === ruleId).map(({ fingerprint }) => fingerprint)))
  if (span === undefined) throw new Error(`there is a finding of ${ruleId}`)
  const start = TEXT.indexOf(old)
  return checkProposals(input, [{ span, description: 'd', edits: [{ start, end: start + old.length, text: by }] }])
}
const reasonOf = ({ dropped }: CheckedProposals): string | undefined => dropped[0]?.reason

describe('a proposal', () => {
  it('that repairs its finding within its span is an unsafe fix', () => {
    const { accepted, dropped } = propose('anonymous-definition', '  test:\n', '  test:\n    name: Tests\n')
    expect([[...accepted.values()].map(({ safety }) => safety), dropped]).toEqual([['unsafe'], []])
  })

  it('is dropped with the reason when it leaves its span, changes nothing, or does not repair', () => {
    expect(reasonOf(propose('anonymous-definition', 'name: CI', 'name: X'))).toBe('it would change text outside of its span')
    expect(reasonOf(propose('anonymous-definition', '  test:\n', '  test:\n'))).toBe('it changes nothing')
    expect(reasonOf(propose('anonymous-definition', 'timeout-minutes: 10', 'timeout-minutes: 11'))).toBe('anonymous-definition would still be reported')
    expect(reasonOf(propose('anonymous-definition', '  test:\n', '  test: [\n'))).toMatch(/^the result would not parse/)
  })

  it('is dropped when it does more than it has to', () => {
    expect(reasonOf(propose('anonymous-definition', '  test:\n', '  test:\n    name: Tests\n    if: always()\n'))).toBe('it would write jobs.test.if: always()')
  })
})

describe('beside our own fixes', () => {
  const { accepted } = propose('missing-concurrency', '  group: ci\n', '  group: ci\n  cancel-in-progress: true\n')

  it('is applied where the text has moved, and told apart', () => {
    const plan = planFixes({ input, safety: 'unsafe', given: accepted })
    expect(plan.files[0]?.after).toBe(TEXT.replace('  group: ci\n', '  group: ci\n  cancel-in-progress: true\n').replace('ubuntu-20.04', 'ubuntu-24.04'))
    expect(plan.applied.map(({ finding, isGiven }) => [finding.ruleId, isGiven])).toEqual([['retired-runner-image', false], ['missing-concurrency', true]])
  })

  it('is left out where only safe fixes are wanted', () => {
    expect(planFixes({ input, safety: 'safe', given: accepted }).applied.filter(({ isGiven }) => isGiven)).toEqual([])
  })
})

describe('the comparison of both trees', () => {
  const judge = (old: string, by: string, text = TEXT) => judgeChange(createPipelineFile(WORKFLOW_PATH, text), createPipelineFile(WORKFLOW_PATH, text.replace(old, by)))

  it.each([
    ['a name', 'name: CI', 'name: Checks (all)'], ['a timeout', 'timeout-minutes: 10', 'timeout-minutes: 20'], ['a group', 'group: ci', 'group: ci-${{ github.ref }}'],
    ['no permission at all', '\n  contents: read', ' {}'], ['a permission less', 'contents: read', 'contents: none'],
  ])('lets %s through', (_, old, by) => { expect(judge(old, by)).toBeNull() })

  it.each([
    ['a script', 'make test', 'make tests'], ['a runner', 'ubuntu-20.04', 'self-hosted'], ['a trigger', '[push]', '[push, pull_request_target]'], ['a permission more', 'contents: read', 'contents: write'],
    ['another permission', 'contents: read', 'contents: read\n  actions: read'], ['the end of permissions', 'permissions:\n  contents: read\n', ''], ['the end of concurrency', 'concurrency:\n  group: ci\n', ''],
    ['write-all', 'permissions:\n  contents: read', 'permissions: write-all'], ['a job with more', '    timeout-minutes: 10\n', '    timeout-minutes: 10\n    permissions:\n      contents: write\n'],
    ['a comment', 'jobs:', 'jobs: # fine'], ['an expression as a name', 'name: CI', 'name: ${{ secrets.X }}'], ['a foreign value in a group', 'group: ci', 'group: ${{ github.head_ref }}'],
    ['an hour too much', 'timeout-minutes: 10', 'timeout-minutes: 999'], ['an anchor', 'name: CI', 'name: &x CI'], ['a step less', '\n      - run: make test', ' []'], ['variables', 'jobs:', 'env:\n  A: b\njobs:'],
  ])('stops %s', (_, old, by) => { expect(judge(old, by)).toMatch(/^it would /) })

  it('lets a job have less than its workflow, and stops it at more', () => {
    const wide = TEXT.replace('  contents: read\n', '  contents: write\n')
    const narrow = (scopes: string) => judge('    timeout-minutes: 10\n', `    timeout-minutes: 10\n    permissions:\n      ${scopes}\n`, wide)
    expect([narrow('contents: read'), narrow('packages: read')]).toEqual([null, 'it would give a permission: jobs.test.permissions.packages: read'])
  })
})
