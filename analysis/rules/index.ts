// The registry: every rule, imported by name so that "find usages" works and the bundle is whole. Kept in the order of ids.
import type { Rule } from './rule.ts'
import { deadActionRuntime } from './dead-action-runtime.ts'
import { deprecatedCommand } from './deprecated-command.ts'
import { duplicateId } from './duplicate-id.ts'
import { duplicateKey } from './duplicate-key.ts'
import { invalidSuppression } from './invalid-suppression.ts'
import { invalidValue } from './invalid-value.ts'
import { missingKey } from './missing-key.ts'
import { missingPermissions } from './missing-permissions.ts'
import { missingTimeout } from './missing-timeout.ts'
import { nameFormat } from './name-format.ts'
import { needsGraph } from './needs-graph.ts'
import { permissionScope } from './permission-scope.ts'
import { retiredRunnerImage } from './retired-runner-image.ts'
import { retiringActionRuntime } from './retiring-action-runtime.ts'
import { retiringRunnerImage } from './retiring-runner-image.ts'
import { scriptInjection } from './script-injection.ts'
import { shellName } from './shell-name.ts'
import { templateExpansion } from './template-expansion.ts'
import { unknownKey } from './unknown-key.ts'
import { unpinnedAction } from './unpinned-action.ts'
import { yamlSyntax } from './yaml-syntax.ts'

export const rules: readonly Rule[] = [
  deadActionRuntime,
  deprecatedCommand,
  duplicateId,
  duplicateKey,
  invalidSuppression,
  invalidValue,
  missingKey,
  missingPermissions,
  missingTimeout,
  nameFormat,
  needsGraph,
  permissionScope,
  retiredRunnerImage,
  retiringActionRuntime,
  retiringRunnerImage,
  scriptInjection,
  shellName,
  templateExpansion,
  unknownKey,
  unpinnedAction,
  yamlSyntax,
]

/** The rule of that id, or undefined. */
export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.meta.id === id)
