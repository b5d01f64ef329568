// Actions that set variables of later steps. The facts are in environment-actions.json.
import data from './environment-actions.json' with { type: 'json' }

const ACTIONS: Readonly<Record<string, string>> = data.actions

/** What a known action takes the variables from: a file of the workspace, or the input of that name; null for all other actions. */
export function environmentSource(action: string): { readonly input: string | null } | null {
  const name = action.toLowerCase()
  const from = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (from === undefined) return null
  return { input: from === '*' ? null : from.slice('input '.length) }
}
