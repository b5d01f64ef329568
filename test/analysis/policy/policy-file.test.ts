import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../analysis/policy/policy.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { readPolicyFile } from '../../../analysis/policy/policy-file.ts'
import { inputOf } from '../engine-input.ts'

const PATH = '.github/autodevops.yml'
const WORKFLOW = 'on: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: make\n'
const OWNED = 'by: "@acme/ci", reason: we know'

const read = (text: string): Policy => readPolicyFile({ path: PATH, text }, DEFAULT_POLICY)

/** The whole way: the policy from the text, and the text analysed with a workflow beside it. */
function run(text: string, files: Readonly<Record<string, string>> = { '.github/workflows/ci.yml': WORKFLOW }) {
  const input = inputOf('', { policy: read(text), files: [{ path: PATH, text }, ...Object.entries(files).map(([path, each]) => ({ path, text: each }))] })
  return analyse(input)
}

const problemsOf = (text: string): readonly string[] =>
  run(text).findings.filter(({ path }) => path === PATH).map(({ start, ruleId, message }) => `${start.line}:${start.column} ${ruleId} ${message}`)
const imagesIn = (text: string) => run(text).findings.filter(({ ruleId }) => ruleId === 'retired-runner-image').map(({ suppressed }) => suppressed ?? 'reported')

describe('a policy file', () => {
  it('sets the profile, the rules, the lists and the days over the base policy', () => {
    const text = [
      'profile: pedantic', 'rules:', '  missing-timeout: off', '  unpinned-action: medium', 'trusted-owners: [actions, github]',
      'runner-labels: [gpu-*]', 'ignore-paths: [vendor/**]', 'allow-uses: [actions/*]', 'deny-uses: [evil/x]', 'cooldown-days: 3', 'update-bot: acme/bot', "pipeline-owners: ['@acme/a']", '',
    ].join('\n')
    expect(problemsOf(text)).toEqual([])
    expect(read(text)).toEqual({
      ...DEFAULT_POLICY,
      source: PATH,
      profile: 'pedantic',
      rules: { 'missing-timeout': { enabled: false }, 'unpinned-action': { enabled: true, severity: 'medium' } },
      trustedOwners: ['actions', 'github'],
      runnerLabels: ['gpu-*'],
      updateBot: 'acme/bot',
      pipelineOwners: ['@acme/a'],
      ignoredPaths: ['vendor/**'],
      allowedUses: ['actions/*'],
      deniedUses: ['evil/x'],
      cooldownDays: 3,
    })
  })

  it('changes nothing when it holds comments only, is no YAML, or cannot be read', () => {
    const unchanged = { ...DEFAULT_POLICY, source: PATH }
    expect(read('# nothing yet\n')).toEqual(unchanged)
    expect(read('rules: {unpinned-action: off\nprofile: auditor\n')).toEqual(unchanged)
    expect(readPolicyFile({ path: PATH, error: 'it is gone' }, DEFAULT_POLICY)).toEqual(unchanged)
  })

  it.each([
    ['profile: strict\n', "1:10 invalid-value profile is text 'strict'; it has to be 'regular', 'pedantic' or 'auditor'"],
    ['rules:\n  missing-timeuot: off\n', "2:3 unknown-key 'missing-timeuot' is no key of rules; did you mean 'missing-timeout'?"],
    ['rules:\n  missing-timeout: never\n', "2:20 invalid-value rules.missing-timeout is text 'never'; it has to be 'off', 'info', 'low', 'medium' or 'high'"],
    ['trusted-owners: actions\n', "1:17 invalid-value trusted-owners is text 'actions'; it has to be a list"],
    ['- profile\n', '1:1 invalid-value the file is a list; it has to be a map'],
    ['profile: regular\nprofile: auditor\n', "2:1 duplicate-key 'profile' is already set on line 1; keep one of the two"],
    ['cooldown-days: -1\n', "1:16 invalid-value cooldown-days is '-1'; it has to be a whole number of at least 0"],
    [`suppressions:\n  - {rule: missing-timeout, path: a.yml}\n`, "2:6 missing-key suppressions[0] needs 'by' and 'reason'"],
    [`suppressions:\n  - {rule: missing-tim, path: a.yml, ${OWNED}}\n`, "2:12 invalid-suppression there is no rule 'missing-tim'; the command 'autodevops rules' lists them"],
    [`suppressions:\n  - {rule: missing-timeout, path: a.yml, until: 2027-02-30, ${OWNED}}\n`, "2:49 invalid-suppression until is '2027-02-30', which is no date and counts as expired; write it as YYYY-MM-DD"],
    [`suppressions:\n  - {rule: missing-timeout, path: a.yml, until: 2026-11-23, ${OWNED}}\n`, '2:49 invalid-suppression this suppression expired on 2026-11-23 and silences nothing; repair what it hid, or agree on a new date with @acme/ci'],
    [`suppressions:\n  - {rule: missing-timeout, path: a.yml, line: 0, ${OWNED}}\n`, "2:48 invalid-value suppressions[0].line is '0'; it has to be a whole number of at least 1"],
  ])('has what is wrong with it reported at its place: %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })

  it('is checked under any name once the run takes it as its policy', () => {
    const text = 'profil: auditor\n'
    const policy = readPolicyFile({ path: 'ci/policy.yml', text }, DEFAULT_POLICY)
    const { findings, files } = analyse(inputOf('', { policy, files: [{ path: 'ci/policy.yml', text }] }))
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['unknown-key'])
    expect(findings[0]?.fix?.edits).toEqual([{ start: 0, end: 6, text: 'profile' }])
    expect(files).toEqual([{ path: 'ci/policy.yml', kind: 'policy', status: 'analysed' }])
  })
})

describe('a suppression of the policy file', () => {
  const MARK = { kind: 'policy', by: '@acme/ci', reason: 'we know', until: null }

  it.each([
    [`{rule: retired-runner-image, path: .github/workflows/ci.yml, ${OWNED}}`, MARK],
    [`{rule: [missing-timeout, retired-runner-image], path: [x.yml, ci.yml], ${OWNED}}`, MARK],
    [`{rule: retired-runner-image, path: '**', line: 5, ${OWNED}}`, MARK],
    [`{rule: retired-runner-image, path: '**', until: 2026-11-24, ${OWNED}}`, { ...MARK, until: '2026-11-24' }],
    [`{rule: retired-runner-image, path: '**', line: 4, ${OWNED}}`, 'reported'],
    [`{rule: retired-runner-image, path: '**', line: five, ${OWNED}}`, 'reported'],
    [`{rule: missing-timeout, path: '**', ${OWNED}}`, 'reported'],
    [`{rule: retired-runner-image, path: other.yml, ${OWNED}}`, 'reported'],
    [`{rule: retired-runner-image, path: '**', until: 2026-11-23, ${OWNED}}`, 'reported'],
    [`{rule: retired-runner-image, path: '**', until: [2027-01-01], ${OWNED}}`, 'reported'],
    [`{rule: retired-runner-image, path: '**', until: soon, ${OWNED}}`, 'reported'],
    ["{rule: retired-runner-image, path: '**', by: '@acme/ci'}", 'reported'],
    ["{rule: retired-runner-image, path: '**', reason: we know}", 'reported'],
  ])('%s', (entry, expected) => {
    expect(imagesIn(`suppressions:\n  - ${entry}\n`)).toEqual([expected])
  })

  it('silences nothing where suppressions are not honoured', () => {
    const text = `suppressions:\n  - {rule: retired-runner-image, path: '**', ${OWNED}}\n`
    const policy = { ...read(text), honourSuppressions: false }
    const { findings } = analyse(inputOf('', { policy, files: [{ path: '.github/workflows/ci.yml', text: WORKFLOW }] }))
    expect(findings.find(({ ruleId }) => ruleId === 'retired-runner-image')?.suppressed).toBeUndefined()
  })
})

it('leaves out ignored paths and says how many, but never the policy file itself', () => {
  const { files, findings, notChecked } = run("ignore-paths: ['**']\nprofil: auditor\n")
  expect(files.map(({ path }) => path)).toEqual([PATH])
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['unknown-key'])
  expect(notChecked).toContainEqual({ what: 'CI files', reason: 'the policy file ignores their paths', count: 1 })
})

it('reads what facts are judged by, names in one case, and no text as a yes', () => {
  const read = (text: string) => readPolicyFile({ path: 'p.yml', text }, DEFAULT_POLICY)
  const policy = read('accept-advisories:\n  ghsa-aaaa-bbbb-cccc: reads public data only\nbranch-releases: [Acme/Tool]\nrequire-full-hashes: true\n')
  expect(policy).toMatchObject({ acceptedAdvisories: { 'GHSA-AAAA-BBBB-CCCC': 'reads public data only' }, branchReleases: ['acme/tool'], requireFullHashes: true })
  expect(read("require-full-hashes: 'true'\n").requireFullHashes).toBe(false)
})
