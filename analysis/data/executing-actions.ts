// Actions that run what the checked-out repository contains. The facts are in executing-actions.json.
import type { Step } from '../workflow/step.ts'
import { inputOf } from '../workflow/step-input.ts'
import data from './executing-actions.json' with { type: 'json' }

const ACTIONS: Readonly<Record<string, string>> = data.actions

/** Whether the step's action is known to run code or configuration of the workspace with the inputs given here. */
export function executesWorkspace(step: Step): boolean {
  const name = step.uses?.name.toLowerCase() ?? ''
  const when = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (when === undefined || when === '*') return when === '*'
  const [input = '', value] = when.split('=')
  const given = inputOf(step, input)?.text
  return given !== undefined && (value === undefined || given === value)
}
