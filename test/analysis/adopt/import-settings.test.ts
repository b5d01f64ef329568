import { describe, expect, it } from 'vitest'
import { NOTHING_CARRIED } from '../../../analysis/adopt/carried-over.ts'
import { formatPolicy } from '../../../analysis/adopt/format-policy.ts'
import { importActionlint } from '../../../analysis/adopt/import-actionlint.ts'
import { importZizmor } from '../../../analysis/adopt/import-zizmor.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { readPolicyFile } from '../../../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { inputOf } from '../engine-input.ts'

const zizmor = (text: string) => importZizmor('zizmor.yml', text)
const actionlint = (text: string) => importActionlint('.github/actionlint.yaml', text)

describe('settings of zizmor', () => {
  it('switch off the rules of an audit that is off, and name those that stand for another one too', () => {
    const { rulesOff, notCarried } = zizmor('rules:\n  insecure-commands:\n    disable: true\n  artipacked:\n    disable: false\n')
    expect([rulesOff, notCarried]).toEqual([['insecure-commands'], []])
  })

  it('become suppressions where they ignore a place', () => {
    const { suppressions } = zizmor('rules:\n  unpinned-uses:\n    ignore: [ci.yml, release.yml:12, old.yml:3:7]\n')
    expect(suppressions).toEqual([['ci.yml', null], ['release.yml', 12], ['old.yml', 3]].map(([path, line]) => ({ rules: ['unpinned-action', 'unpinned-official-action'], path, line })))
  })

  it('trust the owners whose refs may be tags, and name what only a part of an owner is granted', () => {
    const text = 'rules:\n  unpinned-uses:\n    config:\n      policies:\n        actions/*: ref-pin\n        acme/tool: any\n        "*": hash-pin\n'
    const { trustedOwners, rulesOff, notCarried } = zizmor(text)
    expect([trustedOwners, rulesOff, notCarried]).toEqual([['actions'], [], ["zizmor.yml:6: 'acme/tool' by any: only whole owners can be trusted"]])
    expect(zizmor(text.replace('hash-pin', 'ref-pin')).rulesOff).toEqual(['unpinned-action', 'unpinned-official-action'])
  })

  it('give the lists of allowed and denied actions, and the days of a cooldown', () => {
    const { allowedUses, deniedUses, cooldownDays } = zizmor('rules:\n  forbidden-uses:\n    config:\n      allow: [actions/*]\n      deny: [evil/x]\n  dependabot-cooldown:\n    config:\n      days: 14\n')
    expect([allowedUses, deniedUses, cooldownDays]).toEqual([['actions/*'], ['evil/x'], 14])
  })

  it('are named where they have no counterpart', () => {
    expect(zizmor('rules:\n  new-audit:\n    disable: true\n  unpinned-uses:\n    config:\n      other: 1\nextra: 1\n').notCarried).toEqual([
      "zizmor.yml:7: 'extra' has no counterpart",
      "zizmor.yml:2: no rule here reports what 'new-audit' does",
      "zizmor.yml:6: the setting 'unpinned-uses.other' has no counterpart",
    ])
    expect(zizmor('rules: [').notCarried).toEqual(['zizmor.yml: it is no YAML that can be read'])
  })
})

describe('settings of actionlint', () => {
  it('give the labels of own runners, and suppress everything where everything is ignored', () => {
    const { runnerLabels, suppressions } = actionlint('self-hosted-runner:\n  labels: [gpu, "linux-*"]\npaths:\n  .github/workflows/old.yml:\n    ignore: [".*"]\n')
    expect(runnerLabels).toEqual(['gpu', 'linux-*'])
    expect(suppressions).toMatchObject([{ path: '.github/workflows/old.yml', line: null }])
    expect(suppressions[0]?.rules).toContain('unknown-key')
    expect(suppressions[0]?.rules).not.toContain('unpinned-action')
  })

  it('are named where they are about its messages, its helpers, or have no counterpart', () => {
    expect(actionlint('config-variables: [A]\nconfig-secrets: null\npaths:\n  "**":\n    ignore:\n      - shellcheck reported issue.+\n      - property "x" is not\n').notCarried).toEqual([
      ".github/actionlint.yaml:1: 'config-variables' has no counterpart",
      ".github/actionlint.yaml:6: 'shellcheck reported issue.+' is about a program that is not started here",
      ".github/actionlint.yaml:7: 'property \"x\" is not' is about actionlint's messages; suppress the rule in ** instead",
    ])
  })
})

it('writes a policy file that says the same when it is read, without a finding', () => {
  const carried = {
    ...NOTHING_CARRIED, rulesOff: ['insecure-commands'], trustedOwners: ['actions'], allowedUses: ['actions/*'], deniedUses: ['true'], cooldownDays: 14, runnerLabels: ['*-gpu', '- x: "y"'],
    suppressions: [{ rules: ['unpinned-action'], path: '**/ci.yml', line: 3 }, { rules: ['missing-timeout', 'unknown-key'], path: 'x.yml', line: null }],
  }
  const text = formatPolicy({ profile: 'pedantic', carried, by: '@acme', reason: 'it is: "known" # really' })
  const file = { path: '.github/autodevops.yml', text }
  const policy = readPolicyFile(file, DEFAULT_POLICY)
  const decision = { by: '@acme', reason: 'it is: "known" # really', until: null }
  expect(policy).toEqual({
    ...DEFAULT_POLICY, source: file.path, profile: 'pedantic', rules: { 'insecure-commands': { enabled: false } }, trustedOwners: ['actions'], allowedUses: ['actions/*'], deniedUses: ['true'],
    cooldownDays: 14, runnerLabels: ['*-gpu', '- x: "y"'],
    suppressions: [{ rules: ['unpinned-action'], paths: ['**/ci.yml'], line: 3, ...decision }, { rules: ['missing-timeout', 'unknown-key'], paths: ['x.yml'], line: null, ...decision }],
  })
  expect(analyse(inputOf([file], { policy })).findings).toEqual([])
})
