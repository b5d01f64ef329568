import { describe, expect, it } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { inputOf, stepsOf } from '../engine-input.ts'

const pinOf = (text: string, more: Parameters<typeof inputOf>[1] = {}) =>
  analyse(inputOf(text, more)).findings.filter(({ ruleId }) => ruleId === 'unpinned-action')

const RULE = 'autodevops: ignore[unpinned-action]'

describe('an inline suppression', () => {
  it('marks the finding with owner, reason and last day', () => {
    const [finding] = pinOf(stepsOf(`- uses: a/b@v1 # ${RULE} by=@team until=2026-11-24 the vendor signs it`))
    expect(finding?.suppressed).toEqual({ kind: 'inline', by: '@team', reason: 'the vendor signs it', until: '2026-11-24' })
    expect(finding?.fix).toBeNull()
  })

  it.each([
    ['on the line above', [`# ${RULE} by=@team we know`, '- uses: a/b@v1'], true],
    ['above another comment', [`# ${RULE} by=@team we know`, '# more', '- uses: a/b@v1'], true],
    ['two lines above', [`# ${RULE} by=@team we know`, '', '- uses: a/b@v1'], false],
    ['on the line below', ['- uses: a/b@v1', `# ${RULE} by=@team we know`], false],
    ['behind the code of the line above', [`- run: x # ${RULE} by=@team we know`, '- uses: a/b@v1'], false],
    ['behind a version comment', [`- uses: a/b@v1 # v1 # ${RULE} by=@team we know`], true],
    ['among several rules', ['- uses: a/b@v1 # autodevops: ignore[missing-timeout, unpinned-action] by=@team we know'], true],
    ['of another rule', ['- uses: a/b@v1 # autodevops: ignore[missing-timeout] by=@team we know'], false],
    ['without an owner', [`- uses: a/b@v1 # ${RULE} we know`], false],
    ['with an empty owner', [`- uses: a/b@v1 # ${RULE} by= we know`], false],
    ['without a reason', [`- uses: a/b@v1 # ${RULE} by=@team until=2027-01-01`], false],
    ['that has expired', [`- uses: a/b@v1 # ${RULE} by=@team until=2026-11-23 we know`], false],
    ['with a malformed date', [`- uses: a/b@v1 # ${RULE} by=@team until=2027-13-01 we know`], false],
    ['inside a text', [`- {uses: a/b@v1, name: "x # ${RULE} by=@team we know"}`], false],
  ])('%s: %j silences: %s', (_, lines, silences) => {
    expect(pinOf(stepsOf(...lines))[0]?.suppressed !== undefined).toBe(silences)
  })

  it('of a finding in a script stands where the script starts', () => {
    const script = ['- run: |', '    make', '    echo "${{ github.event.issue.title }}"']
    const injections = (lines: readonly string[]) =>
      analyse(inputOf(stepsOf(...lines).replace('on: push', 'on: issues'))).findings.filter(({ ruleId }) => ruleId === 'script-injection')
    expect(injections(script)).toHaveLength(1)
    expect(injections(['# autodevops: ignore[script-injection] by=@team we know', ...script])[0]?.suppressed?.kind).toBe('inline')
  })

  it('silences nothing with --no-ignores, and is not called useless then', () => {
    const policy = { ...DEFAULT_POLICY, honourSuppressions: false }
    const { findings } = analyse(inputOf(stepsOf(`- uses: a/b@v1 # ${RULE} by=@team we know`), { policy }))
    expect(findings.map(({ ruleId, suppressed }) => [ruleId, suppressed])).toEqual([['unpinned-action', undefined]])
  })
})

describe("another tool's comment", () => {
  it('silences the rule that names that audit as its equivalent, and no other', () => {
    expect(pinOf(stepsOf('- uses: a/b@v1 # zizmor: ignore[unpinned-uses]'))[0]?.suppressed).toMatchObject({ kind: 'foreign', by: null })
    expect(pinOf(stepsOf('- uses: a/b@v1 # zizmor: ignore[artipacked]'))[0]?.suppressed).toBeUndefined()
  })

  it('silences another tool\'s finding from the line on which its step begins; our own comments stand at the finding', () => {
    const silenced = (comment: string) => pinOf(stepsOf(`- name: Tool # ${comment}`, '  uses: a/b@v1'))[0]?.suppressed !== undefined
    expect(silenced('zizmor: ignore[unpinned-uses]')).toBe(true)
    expect(silenced('zizmor: ignore[template-injection]')).toBe(false)
    expect(silenced(`${RULE} by=@team we know`)).toBe(false)
  })

  it('silences what is wrong with a use from any line of its step or call', () => {
    const inStep = (audit: string) => pinOf(stepsOf('- uses: a/b@v1', '  with:', `    x: 1 # zizmor: ignore[${audit}]`))[0]?.suppressed !== undefined
    expect([inStep('unpinned-uses'), inStep('artipacked')]).toEqual([true, false])
    const ofCall = (comment: string) => analyse(inputOf(`on: push\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit ${comment}\n`)).findings
      .filter(({ ruleId }) => ruleId === 'secrets-inherit').map(({ suppressed }) => suppressed !== undefined)
    expect([ofCall('# zizmor: ignore[secrets-inherit]'), ofCall('# zizmor: ignore[unpinned-uses]'), ofCall('')]).toEqual([[true], [false], [false]])
  })

  it('honours poutine\'s comments: its own names, or all of them', () => {
    const timeouts = (comment: string) => analyse(inputOf(`on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      ${comment}\n      - run: echo $\{{ github.event.issue.title }}\n`)).findings
      .filter(({ ruleId }) => ruleId === 'script-injection').map(({ suppressed }) => suppressed)
    const mark = { kind: 'foreign', by: null, reason: null, until: null }
    expect(timeouts('# poutine:ignore injection')).toEqual([mark])
    expect(timeouts('# poutine:ignore')).toEqual([mark])
    expect(timeouts('# poutine:ignore debug_enabled, injection read by the team')).toEqual([{ ...mark, reason: 'read by the team' }])
    expect(timeouts('# poutine:ignore debug_enabled')).toEqual([undefined])
    expect(timeouts('# poutine: ignored')).toEqual([undefined])
  })

  it('goes by the finding, not by its rule, where another tool asks for more', () => {
    const silenced = (event: string, comment: string) => {
      const text = `${comment}\non: ${event}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [run: make]\n  b:\n    runs-on: ubuntu-24.04\n    steps: [run: make]\n`
      const finding = analyse(inputOf(text)).findings.find(({ ruleId }) => ruleId === 'missing-permissions')
      return finding?.suppressed !== undefined
    }
    const comment = '# poutine:ignore default_permissions_on_risky_events'
    expect([silenced('issue_comment', comment), silenced('push', comment)]).toEqual([true, false])
    expect([silenced('push', '# zizmor: ignore[excessive-permissions]'), silenced('push', '# poutine:ignore')]).toEqual([true, false])
  })
})
