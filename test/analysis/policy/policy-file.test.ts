import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { readPolicyFile } from '../../../analysis/policy/policy-file.ts'

const read = (text: string) => readPolicyFile(text, DEFAULT_POLICY, (id) => ['missing-timeout', 'unpinned-action'].includes(id))

describe('a policy file', () => {
  it('sets the profile, the rules and the trusted owners over the base policy', () => {
    const text = 'profile: pedantic\nrules:\n  missing-timeout: off\n  unpinned-action: medium\ntrusted-owners: [actions, github]\n'
    expect(read(text)).toEqual({
      policy: {
        ...DEFAULT_POLICY,
        profile: 'pedantic',
        rules: { 'missing-timeout': { enabled: false }, 'unpinned-action': { enabled: true, severity: 'medium' } },
        trustedOwners: ['actions', 'github'],
      },
    })
  })

  it('is the base policy when it is empty or holds comments only', () => {
    expect(read('')).toEqual({ policy: DEFAULT_POLICY })
    expect(read('# nothing yet\n')).toEqual({ policy: DEFAULT_POLICY })
  })

  it.each([
    ['profile: strict\n', { line: 1, column: 10, message: "'profile' is regular, pedantic, auditor, not 'strict'" }],
    ['rules:\n  missing-timeuot: off\n', { line: 2, column: 3, message: "unknown rule 'missing-timeuot'; 'autodevops rules' lists them" }],
    ['rules:\n  missing-timeout: never\n', { line: 2, column: 20, message: "a rule is set to off, info, low, medium, high, not 'never'" }],
    ['rules: off\n', { line: 1, column: 8, message: "'rules' is a mapping of rule ids" }],
    ['trusted-owners: actions\n', { line: 1, column: 17, message: "'trusted-owners' is a list of names" }],
    ['ignore: all\n', { line: 1, column: 1, message: "unknown key 'ignore'; a policy file has profile, rules, trusted-owners" }],
    ['- profile\n', { line: 1, column: 1, message: 'a policy file is a mapping with profile, rules, trusted-owners' }],
  ])('names the place and the way out of %j', (text, problem) => {
    expect(read(text)).toEqual({ problems: [problem] })
  })

  it('gives no policy at all for a text that is no YAML', () => {
    const result = read('profile: [regular\n')
    expect('problems' in result && result.problems.length).toBeGreaterThan(0)
  })
})
