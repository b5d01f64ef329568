// Actions that hand a prompt to a language model. The facts are in model-actions.json.
import data from './model-actions.json' with { type: 'json' }

export interface ModelAction {
  /** It acts by itself, with tools and the runner's shell. */
  readonly agent: boolean
  /** Inputs whose text the model reads, in lower case. */
  readonly prompts: readonly string[]
  /** Outputs that the model does not write: paths, names, ids, states. */
  readonly plain: readonly string[]
  /** The action refuses whoever may not write here, unless this input names them. */
  readonly openedBy?: string
}

const ACTIONS: Readonly<Record<string, ModelAction>> = data.actions

export function modelAction(action: string): ModelAction | undefined {
  const name = action.toLowerCase()
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
}

/** Whether an action's output is text of a model's making; one that no list names is taken for it. */
export function isModelOutput(action: string, output: string): boolean {
  return modelAction(action)?.plain.includes(output.toLowerCase()) === false
}
