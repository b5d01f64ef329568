// Inputs of actions that are run as code. The facts are in code-inputs.json.
import data from './code-inputs.json' with { type: 'json' }

const INPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = data.inputs

/** The language of an action's input ('javascript', 'bash', 'sh', 'pwsh', 'python', 'other'); undefined when it is no code. */
export function codeInputLanguage(action: string, input: string): string | undefined {
  return INPUTS[action.toLowerCase()]?.[input.toLowerCase()]
}
