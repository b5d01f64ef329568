// The text of a first policy file.
import type { Profile } from '../finding.ts'
import type { CarriedOver } from './carried-over.ts'
import { writeScalar } from '../source/write-scalar.ts'

export interface FirstPolicy {
  readonly profile: Profile
  readonly carried: CarriedOver
  /** Who answers for the suppressions, and why; needed only where there are some. */
  readonly by: string
  readonly reason: string
}

/** Ends with a line break; an empty list has no key. */
export function formatPolicy({ profile, carried, by, reason }: FirstPolicy): string {
  const lines = ['# How AutoDevOps judges this repository: docs/policy.md of its repository explains every key.', `profile: ${profile}`]
  if (carried.rulesOff.length > 0) lines.push('rules:', ...carried.rulesOff.map((id) => `  ${id}: off`))
  list(lines, 'trusted-owners', carried.trustedOwners)
  list(lines, 'allow-uses', carried.allowedUses)
  list(lines, 'deny-uses', carried.deniedUses)
  if (carried.cooldownDays !== null) lines.push(`cooldown-days: ${carried.cooldownDays}`)
  list(lines, 'runner-labels', carried.runnerLabels)
  if (carried.suppressions.length > 0) lines.push('suppressions:')
  for (const { rules, path, line } of carried.suppressions) {
    lines.push(`  - rule: ${rules.length === 1 ? rules.join('') : `[${rules.join(', ')}]`}`, `    path: ${writeScalar(path)}`)
    if (line !== null) lines.push(`    line: ${line}`)
    lines.push(`    by: ${writeScalar(by)}`, `    reason: ${writeScalar(reason)}`)
  }
  return `${lines.join('\n')}\n`
}

function list(lines: string[], key: string, values: readonly string[]): void {
  if (values.length > 0) lines.push(`${key}:`, ...values.map((value) => `  - ${writeScalar(value)}`))
}
