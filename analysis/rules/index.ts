// The registry: every rule, imported by name so that "find usages" works and the bundle is whole. Kept in the order of ids.
import type { Rule } from './rule.ts'
import { deprecatedCommand } from './deprecated-command.ts'
import { missingTimeout } from './missing-timeout.ts'
import { retiredRunnerImage } from './retired-runner-image.ts'

export const rules: readonly Rule[] = [
  deprecatedCommand,
  missingTimeout,
  retiredRunnerImage,
]

/** The rule of that id, or undefined. */
export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.meta.id === id)
