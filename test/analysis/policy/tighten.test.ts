import { expect, test } from 'vitest'
import { readPolicyFile } from '../../../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY, type Policy } from '../../../analysis/policy/policy.ts'
import { governedPolicy, tighten } from '../../../analysis/policy/tighten.ts'

const read = (text: string, base: Policy = DEFAULT_POLICY) => readPolicyFile({ path: '.github/autodevops.yml', text }, base)
const under = (organisation: string, repository: string) => {
  const base = read(organisation)
  return tighten(base, read(repository, base))
}

test.each([
  ['profile', 'profile: pedantic', 'profile: regular', 'profile'],
  ['a rule that is switched off', 'rules: { unpinned-action: high }', 'rules: { unpinned-action: off }', 'rules.unpinned-action'],
  ['a severity', 'rules: { unpinned-action: high }', 'rules: { unpinned-action: low }', 'rules.unpinned-action'],
  ['trusted owners', 'trusted-owners: [actions]', 'trusted-owners: [actions, stranger]', 'trusted-owners'],
  ['the allow list', 'allow-uses: [actions/*]', 'allow-uses: [actions/*, evil/*]', 'allow-uses'],
  ['runners', 'allow-runners: [ours]', 'allow-runners: [theirs]', 'allow-runners'],
  ['shared secrets', 'shared-secrets: [A]', 'shared-secrets: [A, B]', 'shared-secrets'],
  ['ignored paths', 'ignore-paths: [vendor/**]', "ignore-paths: ['**']", 'ignore-paths'],
  ['accepted advisories', 'accept-advisories: { GHSA-aaaa-bbbb-cccc: known }', 'accept-advisories: { GHSA-dddd-eeee-ffff: never mind }', 'accept-advisories'],
  ['branch releases', 'branch-releases: [acme/tool]', 'branch-releases: [evil/tool]', 'branch-releases'],
  ['full hashes', 'require-full-hashes: true', 'require-full-hashes: false', 'require-full-hashes'],
  ['golden workflows', 'golden: { workflows: [{ file: golden/ci.yml }] }', 'golden: { workflows: [{ file: mine.yml }] }', 'golden'],
  ['the budget of pull requests', 'pull-requests: { max-open: 3 }', 'pull-requests: { max-open: 4 }', 'pull-requests.max-open'],
  ['pull requests a day', 'pull-requests: { max-per-day: 1 }', 'pull-requests: { max-per-day: 9 }', 'pull-requests.max-per-day'],
  ['what is proposed', 'pull-requests: { propose: safe }', 'pull-requests: { propose: all }', 'pull-requests.propose'],
  ['AI', "ai: off", "ai: on", 'ai'],
  ['the cooldown', 'cooldown-days: 14', 'cooldown-days: 1', 'cooldown-days'],
])('a repository cannot loosen %s', (_what, organisation, repository, key) => {
  const { loosened, ...policy } = under(organisation, repository)
  expect(loosened).toEqual([key])
  expect({ ...policy, loosened: [], source: null }).toEqual({ ...read(organisation), source: null })
})

test('a repository can make everything stricter', () => {
  const policy = under('profile: regular\nrules: { unpinned-action: low }\nallow-uses: [a/*, b/*]\ndeny-uses: [c/*]', 'profile: auditor\nrules: { unpinned-action: high }\nallow-uses: [a/*]\ndeny-uses: [d/*]')
  expect(policy.loosened).toEqual([])
  expect(policy).toMatchObject({ profile: 'auditor', rules: { 'unpinned-action': { severity: 'high' } }, allowedUses: ['a/*'], deniedUses: ['c/*', 'd/*'] })
})

test('the budget of pull requests is the organisation\'s also where it has no policy', () => {
  const file = { path: '.github/autodevops.yml', text: 'pull-requests: { propose: all, max-open: 100, max-per-day: 1 }' }
  expect(governedPolicy({ organisation: null, profile: 'regular', file })).toMatchObject({ pullRequests: { proposes: 'never', maxOpen: 10, maxPerDay: 1 }, loosened: [] })
})

test('what the organisation leaves alone is the repository\'s own', () => {
  const policy = under('profile: regular', 'rules: { missing-timeout: off }\ntrusted-owners: [acme]')
  expect(policy.loosened).toEqual([])
  expect(policy).toMatchObject({ rules: { 'missing-timeout': { enabled: false } }, trustedOwners: ['acme'] })
})

test.each(['off', 'info'])('a repository cannot set what tells on it to %s, and its organisation can', (setting) => {
  const file = `rules: { forbidden-loosening: ${setting} }`
  expect(under('profile: regular', file)).toMatchObject({ loosened: ['rules.forbidden-loosening'], rules: { 'forbidden-loosening': { severity: 'medium' } } })
  expect(under(file, file)).toMatchObject({ loosened: [], rules: read(file).rules })
})
