// The registry: every rule, imported by name so that "find usages" works and the bundle is whole. Kept in the order of ids.
import type { Rule, RuleMeta } from './rule.ts'
import { actionInputs } from './action-inputs.ts'
import { adhocPackage } from './adhoc-package.ts'
import { aiOutputExecution } from './ai-output-execution.ts'
import { aiPromptInjection } from './ai-prompt-injection.ts'
import { alwaysTrueCondition } from './always-true-condition.ts'
import { anonymousDefinition } from './anonymous-definition.ts'
import { appTokenScope } from './app-token-scope.ts'
import { archivedAction } from './archived-action.ts'
import { artifactPoisoning } from './artifact-poisoning.ts'
import { cacheModeMissing } from './cache-mode-missing.ts'
import { cachePoisoning } from './cache-poisoning.ts'
import { checkoutToctou } from './checkout-toctou.ts'
import { codeownersMissing } from './codeowners-missing.ts'
import { constantCondition } from './constant-condition.ts'
import { contextAvailability } from './context-availability.ts'
import { credentialPersistence } from './credential-persistence.ts'
import { cronSchedule } from './cron-schedule.ts'
import { curlPipeShell } from './curl-pipe-shell.ts'
import { dangerousTrigger } from './dangerous-trigger.ts'
import { deadActionRuntime } from './dead-action-runtime.ts'
import { debugEnabled } from './debug-enabled.ts'
import { dependabotExecution } from './dependabot-execution.ts'
import { deprecatedCommand } from './deprecated-command.ts'
import { deprecatedInput } from './deprecated-input.ts'
import { duplicateId } from './duplicate-id.ts'
import { duplicateKey } from './duplicate-key.ts'
import { dynamicEnvWrite } from './dynamic-env-write.ts'
import { envInjection } from './env-injection.ts'
import { eventConfig } from './event-config.ts'
import { excessivePermissions } from './excessive-permissions.ts'
import { expressionSyntax } from './expression-syntax.ts'
import { expressionType } from './expression-type.ts'
import { forbiddenLoosening } from './forbidden-loosening.ts'
import { forbiddenUses } from './forbidden-uses.ts'
import { globPattern } from './glob-pattern.ts'
import { goldenExtra } from './golden-extra.ts'
import { goldenMissing } from './golden-missing.ts'
import { goldenOutdated } from './golden-outdated.ts'
import { goldenWeakened } from './golden-weakened.ts'
import { hardcodedContainerCredentials } from './hardcoded-container-credentials.ts'
import { impostorCommit } from './impostor-commit.ts'
import { insecureCommands } from './insecure-commands.ts'
import { insecureUrlScheme } from './insecure-url-scheme.ts'
import { invalidSuppression } from './invalid-suppression.ts'
import { invalidValue } from './invalid-value.ts'
import { knownVulnerableAction } from './known-vulnerable-action.ts'
import { localTarget } from './local-target.ts'
import { lockfileMismatch } from './lockfile-mismatch.ts'
import { matrixValues } from './matrix-values.ts'
import { missingCache } from './missing-cache.ts'
import { missingConcurrency } from './missing-concurrency.ts'
import { missingKey } from './missing-key.ts'
import { missingMatrix } from './missing-matrix.ts'
import { missingPermissions } from './missing-permissions.ts'
import { missingProvenance } from './missing-provenance.ts'
import { missingTimeout } from './missing-timeout.ts'
import { nameFormat } from './name-format.ts'
import { needsGraph } from './needs-graph.ts'
import { noCooldown } from './no-cooldown.ts'
import { noSecurityScan } from './no-security-scan.ts'
import { noTests } from './no-tests.ts'
import { obfuscation } from './obfuscation.ts'
import { outdatedMajor } from './outdated-major.ts'
import { overprovisionedSecrets } from './overprovisioned-secrets.ts'
import { permissionScope } from './permission-scope.ts'
import { pinCommentMismatch } from './pin-comment-mismatch.ts'
import { platformCve } from './platform-cve.ts'
import { refConfusion } from './ref-confusion.ts'
import { repoJacking } from './repo-jacking.ts'
import { requestForgery } from './request-forgery.ts'
import { retiredRunnerImage } from './retired-runner-image.ts'
import { retiringActionRuntime } from './retiring-action-runtime.ts'
import { retiringRunnerImage } from './retiring-runner-image.ts'
import { reusableCallInputs } from './reusable-call-inputs.ts'
import { runnerLabel } from './runner-label.ts'
import { runnerPolicy } from './runner-policy.ts'
import { scriptInjection } from './script-injection.ts'
import { secretExposure } from './secret-exposure.ts'
import { secretInBroadEnv } from './secret-in-broad-env.ts'
import { secretOutsideEnvironment } from './secret-outside-environment.ts'
import { secretsInherit } from './secrets-inherit.ts'
import { selfHostedOnPullRequest } from './self-hosted-on-pull-request.ts'
import { selfHostedRunner } from './self-hosted-runner.ts'
import { selfRepositoryRef } from './self-repository-ref.ts'
import { shellBug } from './shell-bug.ts'
import { shellName } from './shell-name.ts'
import { spoofableActor } from './spoofable-actor.ts'
import { stalePin } from './stale-pin.ts'
import { superfluousAction } from './superfluous-action.ts'
import { swallowedFailure } from './swallowed-failure.ts'
import { templateExpansion } from './template-expansion.ts'
import { transitiveUnpinned } from './transitive-unpinned.ts'
import { triggerInputs } from './trigger-inputs.ts'
import { trustedPublishing } from './trusted-publishing.ts'
import { typosquatAction } from './typosquat-action.ts'
import { unanalysableShell } from './unanalysable-shell.ts'
import { undocumentedPermissions } from './undocumented-permissions.ts'
import { unknownKey } from './unknown-key.ts'
import { unknownReference } from './unknown-reference.ts'
import { unpinnedAction } from './unpinned-action.ts'
import { unpinnedImage } from './unpinned-image.ts'
import { unpinnedOfficialAction } from './unpinned-official-action.ts'
import { unpinnedPackage } from './unpinned-package.ts'
import { unpinnedTool } from './unpinned-tool.ts'
import { unredactedSecret } from './unredacted-secret.ts'
import { unsoundContains } from './unsound-contains.ts'
import { unsoundTernary } from './unsound-ternary.ts'
import { untrustedCheckout } from './untrusted-checkout.ts'
import { unverifiedCreator } from './unverified-creator.ts'
import { updateBotCoverage } from './update-bot-coverage.ts'
import { usesFormat } from './uses-format.ts'
import { versionDivergence } from './version-divergence.ts'
import { wastedRuns } from './wasted-runs.ts'
import { yamlSyntax } from './yaml-syntax.ts'

export const rules: readonly Rule[] = [
  actionInputs,
  adhocPackage,
  aiOutputExecution,
  aiPromptInjection,
  alwaysTrueCondition,
  anonymousDefinition,
  appTokenScope,
  archivedAction,
  artifactPoisoning,
  cacheModeMissing,
  cachePoisoning,
  checkoutToctou,
  codeownersMissing,
  constantCondition,
  contextAvailability,
  credentialPersistence,
  cronSchedule,
  curlPipeShell,
  dangerousTrigger,
  deadActionRuntime,
  debugEnabled,
  dependabotExecution,
  deprecatedCommand,
  deprecatedInput,
  duplicateId,
  duplicateKey,
  dynamicEnvWrite,
  envInjection,
  eventConfig,
  excessivePermissions,
  expressionSyntax,
  expressionType,
  forbiddenLoosening,
  forbiddenUses,
  globPattern,
  goldenExtra,
  goldenMissing,
  goldenOutdated,
  goldenWeakened,
  hardcodedContainerCredentials,
  impostorCommit,
  insecureCommands,
  insecureUrlScheme,
  invalidSuppression,
  invalidValue,
  knownVulnerableAction,
  localTarget,
  lockfileMismatch,
  matrixValues,
  missingCache,
  missingConcurrency,
  missingKey,
  missingMatrix,
  missingPermissions,
  missingProvenance,
  missingTimeout,
  nameFormat,
  needsGraph,
  noCooldown,
  noSecurityScan,
  noTests,
  obfuscation,
  outdatedMajor,
  overprovisionedSecrets,
  permissionScope,
  pinCommentMismatch,
  platformCve,
  refConfusion,
  repoJacking,
  requestForgery,
  retiredRunnerImage,
  retiringActionRuntime,
  retiringRunnerImage,
  reusableCallInputs,
  runnerLabel,
  runnerPolicy,
  scriptInjection,
  secretExposure,
  secretInBroadEnv,
  secretOutsideEnvironment,
  secretsInherit,
  selfHostedOnPullRequest,
  selfHostedRunner,
  selfRepositoryRef,
  shellBug,
  shellName,
  spoofableActor,
  stalePin,
  superfluousAction,
  swallowedFailure,
  templateExpansion,
  transitiveUnpinned,
  triggerInputs,
  trustedPublishing,
  typosquatAction,
  unanalysableShell,
  undocumentedPermissions,
  unknownKey,
  unknownReference,
  unpinnedAction,
  unpinnedImage,
  unpinnedOfficialAction,
  unpinnedPackage,
  unpinnedTool,
  unredactedSecret,
  unsoundContains,
  unsoundTernary,
  untrustedCheckout,
  unverifiedCreator,
  updateBotCoverage,
  usesFormat,
  versionDivergence,
  wastedRuns,
  yamlSyntax,
]

/** What is told to rules of all of them: a rule that imported this file would be imported by it. */
export const registry: ReadonlyMap<string, RuleMeta> = new Map(rules.map(({ meta }) => [meta.id, meta]))

/** The rule of that id, or undefined. */
export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.meta.id === id)
