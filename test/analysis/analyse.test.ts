import { describe, expect, it } from 'vitest'
import { analyse } from '../../analysis/analyse.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { WORKFLOW_PATH, inputOf, stepsOf } from './engine-input.ts'

const UNPINNED = stepsOf('- uses: acme/build@v1')
const idsOf = (input: Parameters<typeof analyse>[0]): string[] => analyse(input).findings.map(({ ruleId }) => ruleId)

describe('kinds of files', () => {
  const kindOf = (path: string, text: string) => analyse(inputOf([{ path, text }])).files[0]?.kind

  it('knows a file by its name, wherever it lies', () => {
    expect(kindOf('tools/greet/action.yaml', 'name: x')).toBe('action')
    expect(kindOf('.github/dependabot.yml', 'version: 2')).toBe('dependabot')
  })

  it('takes what lies in .github/workflows for a workflow, whatever it is called or holds', () => {
    expect(kindOf('.github/workflows/dependabot.yml', 'on: push')).toBe('workflow')
    expect(kindOf('.github/workflows/list.yml', '- a')).toBe('workflow')
  })

  it('knows any other file by its content', () => {
    expect(kindOf('ci.yml', 'jobs: {}')).toBe('workflow')
    expect(kindOf('my-action.yml', 'runs: {using: composite}')).toBe('action')
    expect(kindOf('bots.yml', 'updates: []')).toBe('dependabot')
    expect(kindOf('notes.yml', 'a: 1')).toBe('unknown')
    expect(kindOf('notes.yml', '- jobs')).toBe('unknown')
  })
})

describe('files that cannot be read', () => {
  it('gives the reason why a text could not be read as an entry and as a finding at its first character', () => {
    const { files, findings } = analyse(inputOf([{ path: 'a.yml', error: 'it is a binary file' }]))
    expect(files).toEqual([{ path: 'a.yml', kind: 'unknown', status: 'unreadable', error: 'it is a binary file' }])
    expect(findings).toMatchObject([{ ruleId: 'yaml-syntax', severity: 'high', path: 'a.yml', start: { line: 1, column: 1 }, fix: null }])
    expect(findings[0]?.message).toContain('it is a binary file')
  })

  it('keeps the results of the good files beside a bad one', () => {
    const { files, findings } = analyse(inputOf([
      { path: 'a.yml', text: UNPINNED },
      { path: 'b.yml', text: 'jobs:\n\t- {' },
      { path: 'c.yml', error: 'it is gone' },
      { path: 'd.yml', text: UNPINNED },
    ]))
    expect(files.map(({ status }) => status)).toEqual(['analysed', 'unreadable', 'unreadable', 'analysed'])
    expect(findings.filter(({ ruleId }) => ruleId === 'unpinned-action').map(({ path }) => path)).toEqual(['a.yml', 'd.yml'])
    for (const path of ['b.yml', 'c.yml']) expect(findings.some((finding) => finding.path === path && finding.ruleId === 'yaml-syntax')).toBe(true)
  })

  it('still analyses what the parser recovered, and offers no fix there', () => {
    const broken = stepsOf('- uses: actions/checkout@v4', '- name: "never closed')
    const { files, findings } = analyse(inputOf(broken))
    expect(files[0]?.status).toBe('unreadable')
    const pins = findings.filter(({ ruleId }) => ruleId === 'unpinned-official-action')
    expect(pins).toHaveLength(1)
    expect(pins[0]?.fix).toBeNull()
  })

  it.each(['- a\n- b\n', 'just a text\n', '42\n', 'on: []\njobs: []\n', 'jobs: {a: 1, b: null, c: []}\non: push\n'])('takes a workflow that is %j for what it is', (text) => {
    expect(analyse(inputOf(text)).failures).toEqual([])
  })
})

describe('what is reported', () => {
  it('sorts by path, place and rule', () => {
    const text = stepsOf('- uses: actions/checkout@v4', '- uses: acme/build@v1')
    const { findings } = analyse(inputOf([{ path: 'b.yml', text }, { path: 'a.yml', text }]))
    const places = findings.map(({ path, start, ruleId }) => `${path}:${start.line} ${ruleId}`)
    expect(places.filter((place) => place.startsWith('a.yml'))).toEqual(['a.yml:7 credential-persistence', 'a.yml:7 retiring-action-runtime', 'a.yml:7 unpinned-official-action', 'a.yml:8 unpinned-action'])
    expect([...places].sort()).toEqual(places)
  })

  it('leaves out what the profile does not show, and takes severities and switches from the policy', () => {
    expect(idsOf(inputOf(UNPINNED))).toEqual(['unpinned-action'])
    expect(idsOf(inputOf(UNPINNED, { policy: { ...DEFAULT_POLICY, profile: 'pedantic' } }))).toEqual([
      'anonymous-definition', 'missing-concurrency', 'anonymous-definition', 'missing-timeout', 'unpinned-action',
    ])
    const off = { enabled: false }
    const rules = { 'unpinned-action': { severity: 'info' as const }, 'missing-timeout': off, 'anonymous-definition': off, 'missing-concurrency': off }
    const policy = { ...DEFAULT_POLICY, rules }
    expect(analyse(inputOf(UNPINNED, { policy: { ...policy, profile: 'auditor' } })).findings).toMatchObject([{ ruleId: 'unpinned-action', severity: 'info' }])
  })

  it('meets an anchored step once, however many aliases name it', () => {
    const text = stepsOf('- &build', '  uses: acme/build@v1', '- *build', '- parallel: [*build, *build]') + '  again:\n    runs-on: ubuntu-24.04\n    steps: [*build]\n'
    expect(idsOf(inputOf(text))).toEqual(['unpinned-action'])
  })

  it('meets what only an alias brings into a job', () => {
    const text = 'x-steps: &steps\n  - uses: acme/build@v1\non: push\npermissions: {}\njobs:\n  a: {runs-on: ubuntu-24.04, steps: *steps}\n  b: {runs-on: ubuntu-24.04, steps: *steps}\n'
    expect(analyse(inputOf(text)).findings.filter(({ ruleId }) => ruleId === 'unpinned-action')).toMatchObject([{ start: { line: 2, column: 11 } }])
  })

  it('ends on a bomb of nested aliases', () => {
    let text = 'on: push\njobs:\n  a0: &a0\n    steps: &s0\n      - uses: acme/build@v1\n'
    for (let i = 1; i < 40; i++) text += `  a${i}:\n    steps: &s${i}\n${`      - parallel: *s${i - 1}\n`.repeat(9)}`
    expect(idsOf(inputOf(text)).filter((id) => id === 'unpinned-action')).toHaveLength(1)
  })

  it('sees the steps of nested groups and of composite actions', () => {
    const nested = stepsOf('- parallel:', '    - uses: acme/a@v1', '    - parallel:', '        - uses: acme/b@v1')
    expect(idsOf(inputOf(nested)).filter((id) => id === 'unpinned-action')).toHaveLength(2)
    const action = 'name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - uses: acme/a@v1\n'
    expect(idsOf(inputOf([{ path: 'action.yml', text: action }]))).toEqual(['unpinned-action'])
  })
})

describe('facts', () => {
  const text = stepsOf('- uses: acme/build@v1', '- uses: acme/build@v1', '- uses: acme/scan@main')

  it('asks once for what several places want, and says what was not checked', () => {
    const { wanted, notChecked, findings } = analyse(inputOf(text))
    expect(wanted.filter(({ kind }) => kind === 'ref')).toEqual([{ kind: 'ref', repository: 'acme/build', ref: 'v1' }, { kind: 'ref', repository: 'acme/scan', ref: 'main' }])
    expect(notChecked).toContainEqual({ what: 'the commit behind a tag or branch', reason: 'the code host was not asked', count: 2 })
    expect(findings.every(({ fix }) => fix === null)).toBe(true)
  })

  it('pins in the second pass, and repeats the reason for what stays unknown', () => {
    const commit = '1'.repeat(40)
    const facts = new Map([
      ['ref:acme/build@v1', { status: 'known' as const, value: { commit, type: 'tag' as const } }],
      ['ref:acme/scan@main', { status: 'unknown' as const, reason: 'not found, or private' }],
    ])
    const { wanted, notChecked, findings } = analyse(inputOf(text, { facts }))
    expect(wanted.filter(({ kind }) => kind === 'ref')).toEqual([])
    expect(notChecked).toContainEqual({ what: 'the commit behind a tag or branch', reason: 'not found, or private', count: 1 })
    expect(findings.map(({ fix }) => fix?.edits[0]?.text ?? null)).toEqual([commit, commit, null])
  })
})

it('gives the same answer to the same input, and does not touch it', () => {
  const input = inputOf(stepsOf('- uses: actions/checkout@v4', '- uses: acme/build@v1'))
  Object.freeze(input)
  Object.freeze(input.files)
  expect(JSON.stringify(analyse(input))).toBe(JSON.stringify(analyse(input)))
  expect(input.files[0]?.path).toBe(WORKFLOW_PATH)
})
