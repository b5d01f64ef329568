// Whether files that an outsider wrote may lie in the workspace when a step runs: from a checkout or an artifact before it.
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import { localAction } from './local-target.ts'
import { outsiderArtifactOf } from './outsider-artifact.ts'
import { outsiderCheckoutOf } from './outsider-checkout.ts'
import { everyStep } from './step.ts'

/** Looks at the steps before it in the same job or action, and into local actions among them. */
export function hasOutsiderFiles(step: Step, repository: Repository): boolean {
  const steps = everyStep(step.job?.steps ?? step.action?.steps ?? [])
  return steps.some((before) => before.node.start <= step.node.start && bringsFiles(before, repository, 0))
}

function bringsFiles(step: Step, repository: Repository, depth: number): boolean {
  if (outsiderCheckoutOf(step, repository) !== null || outsiderArtifactOf(step, repository) !== null) return true
  const inner = step.uses === null || depth > 3 ? null : localAction(step.uses, repository)
  return inner !== null && everyStep(inner.steps).some((nested) => bringsFiles(nested, repository, depth + 1))
}
