// Actions that publish: packages, releases, images, deployments.
import type { Step } from '../workflow/step.ts'
import data from './publishing-actions.json' with { type: 'json' }
import { switchState } from './step-switch.ts'

const conditions: Readonly<Record<string, string>> = data.actions

/** Whether the step's action publishes something, with these inputs. */
export function publishes(step: Step): boolean {
  const key = step.uses?.name.toLowerCase() ?? ''
  const condition = Object.hasOwn(conditions, key) ? conditions[key] : undefined
  return condition !== undefined && switchState(step, condition) !== 'no'
}
