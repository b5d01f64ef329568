import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import policy from '../../../analysis/data/policy-schema.json' with { type: 'json' }
import { PROFILES, SEVERITIES } from '../../../analysis/finding.ts'
import { POLICY_SCHEMA_FILE, generatePolicySchema } from '../../../scripts/generate-policy-schema.ts'

it('docs/policy.schema.json is what the script makes of the data, byte for byte', () => {
  expect(readFileSync(POLICY_SCHEMA_FILE, 'utf8')).toBe(generatePolicySchema())
})

it('allows the profiles and severities that findings have', () => {
  expect(policy.definitions.profile['allowed-values']).toEqual(PROFILES)
  expect(policy.definitions['rule-setting']['allowed-values']).toEqual(['off', ...SEVERITIES])
})

it('docs/policy.md explains every key', () => {
  const page = readFileSync('docs/policy.md', 'utf8')
  for (const { mapping } of [policy.definitions['policy-root'], policy.definitions.suppression]) {
    for (const key of Object.keys(mapping.properties)) expect(page).toContain(`\`${key}\``)
  }
})
