// Actions that send a request. The facts are in request-actions.json.
import data from './request-actions.json' with { type: 'json' }

export interface RequestAction {
  /** The input that holds the address or path. */
  readonly input: string
  /** The request always carries a token. */
  readonly sendsToken: boolean
}

const ACTIONS: Readonly<Record<string, string>> = data.actions
const TOKEN = 'token '

export function requestAction(action: string): RequestAction | undefined {
  const name = action.toLowerCase()
  const text = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (text === undefined) return undefined
  return text.startsWith(TOKEN) ? { input: text.slice(TOKEN.length), sendsToken: true } : { input: text, sendsToken: false }
}
