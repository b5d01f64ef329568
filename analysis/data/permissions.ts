// What GITHUB_TOKEN needs for actions, gh commands and REST calls. The facts are in permissions.json.
import data from './permissions.json' with { type: 'json' }

/** Scope to `read` or `write`. */
export type ScopeNeeds = Readonly<Record<string, string>>
/** What is needed, or several ways to have it. */
export type CallNeeds = ScopeNeeds | { readonly anyOf: readonly ScopeNeeds[] }

/** More scopes, or fewer, under one condition; exactly one of the conditions is there. */
export interface ConditionalNeeds {
  readonly input?: string
  /** Values, separated by `|`. */
  readonly value?: string
  /** The value is the default, so an absent input has it. */
  readonly byDefault?: boolean
  readonly env?: string
  readonly events?: readonly string[]
  readonly private?: boolean
  /** A condition that no file shows, in words. */
  readonly unless?: string
  readonly needs?: ScopeNeeds
  readonly drops?: ScopeNeeds
}

export interface ActionRow {
  readonly needs: ScopeNeeds
  readonly when?: readonly ConditionalNeeds[]
}

const ACTIONS = data.actions as Readonly<Record<string, ActionRow>>
const WITHOUT_NEEDS: ReadonlySet<string> = new Set([...data.tokenless, ...data.rateLimitOnly])
const GH = data.gh as Readonly<Record<string, CallNeeds>>
const GRAPHQL = data.graphql as Readonly<Record<string, ScopeNeeds>>
const NOT_WITH_TOKEN: ReadonlySet<string> = new Set(data.notWithToken)
const NOTHING: ActionRow = { needs: {} }

/** The needs of an action by `owner/repo[/path]`, in any case; undefined when they are not known. */
export function actionRow(name: string): ActionRow | undefined {
  const key = name.toLowerCase()
  return ACTIONS[key] ?? (WITHOUT_NEEDS.has(key) ? NOTHING : undefined)
}

/** The needs of a gh command by its words without `gh` and flags; undefined when they are not known. */
export function ghNeeds(words: readonly string[]): CallNeeds | undefined {
  const command = `gh ${words.slice(0, 2).join(' ')}`
  return NOT_WITH_TOKEN.has(command) ? {} : GH[command]
}

/** The extra needs of a flag: `gh pr close --delete-branch`. */
export function ghFlagNeeds(words: readonly string[], flag: string): CallNeeds | undefined {
  return GH[`gh ${words.slice(0, 2).join(' ')} ${flag}`]
}

/** The needs of a GraphQL mutation by its name. */
export function mutationNeeds(name: string): ScopeNeeds | undefined {
  return GRAPHQL[name]
}

type RestRow = readonly [call: string, method: string, needs: CallNeeds]
const REST = data.rest as unknown as readonly RestRow[]

/** The needs of a REST call: `POST`, `/repos/o/r/issues`; placeholders match any part, a ref or path at the end all that follow. */
export function restNeeds(verb: string, path: string): CallNeeds | undefined {
  const parts = path.replace(/[?#].*$/, '').split('/').filter((part) => part !== '')
  const rows = REST.filter(([call]) => call.startsWith(`${verb} `))
  return (rows.find(([call]) => matches(call, parts, false)) ?? rows.find(([call]) => matches(call, parts, true)))?.[2]
}

function matches(call: string, parts: readonly string[], isOpenAllowed: boolean): boolean {
  const pattern = call.slice(call.indexOf(' ') + 1).split('/').filter((part) => part !== '')
  const isOpen = isOpenAllowed && /^\{(?:ref|path|branch|basehead)\}$/.test(pattern.at(-1) ?? '')
  const fits = isOpen ? pattern.length <= parts.length : pattern.length === parts.length
  return fits && pattern.every((part, index) => part.startsWith('{') || part === parts[index])
}

/** The needs of an Octokit method: `issues.createComment`. */
export function octokitNeeds(method: string): CallNeeds | undefined {
  return REST.find(([, name]) => name === method)?.[2]
}
