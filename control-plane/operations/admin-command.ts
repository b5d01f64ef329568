// Reads the arguments of the operator's command: pure, everything that is wrong is USAGE.
import { PURPOSES, type Purpose } from '../ai/purposes/purpose.ts'
import { parseArgs } from 'node:util'
import { SCOPES, type Scope } from '../auth/principal.ts'
import { ROLES, type Role } from '../auth/roles.ts'
import { AppError } from '../errors.ts'
import { USAGE_KEYS, type UsageKey } from '../quotas/usage-service.ts'

const DEFAULT_SCOPES: readonly Scope[] = ['analyses:write', 'analyses:read']

export const ADMIN_HELP = `autodevops-admin COMMAND

  create-tenant --owner NAME --owner-id N [--issuer URL] [--ai on|off]
      registers a GitHub organisation (or user) and prints one API key, once
  create-api-key --tenant T [--name NAME] [--scope S]... [--expires-days N]
      prints a new API key, once; scopes: ${SCOPES.join(', ')} (default: ${DEFAULT_SCOPES.join(', ')})
  revoke-api-key KEYID --tenant T
      the running services refuse the key within 10 seconds
  set-github-token --tenant T < FILE
      stores the GitHub token that is on standard input, encrypted; it replaces the one before
  add-member --tenant T --login NAME --user-id N [--role ${ROLES.join('|')}]
      lets a person sign in, or changes the role (default: owner)
  rotate-keys
      encrypts everything stored with the first key of ENCRYPTION_KEYS; can be repeated at any time
  set-ai --tenant T --ai on|off [--purpose explain|fix|summarise]...
      lets models be asked for these purposes, or for all
  ai-request ID --tenant T --dry-run
      prints what an analysis would send to models, with credentials taken out; sends nothing
  dead-letters list [--tenant T] [--after ID]
  dead-letters requeue ID --tenant T
      puts an analysis that was given up back into the queue, with all its attempts
  check-quotas --tenant T [--month YYYY-MM]
      recomputes the counters of a month (default: this one) from the records and prints where they differ
  usage --tenant T [--by day|model|purpose|repository] [--month YYYY-MM]
      what calls to models used in a month (default: this one), and when its limits are reached at this rate
  models list [--tenant T]
      the models that are configured, for what they are asked, and what they cost today
  prices list [--tenant T]
      the prices that hold for a tenant, or for everybody
  prices add --model M --from DAY [--to DAY] --tier UPTO:INPUT:OUTPUT[:CACHED]... --source TEXT [--tenant T]
      adds a price from a UTC day on, for everybody or for one tenant; UPTO: input tokens of a call, any for no end;
      the others: micro-USD per million tokens
  prices end --model M --from DAY --to DAY [--tenant T]
      says on which day the price that began on --from ends

T is the tenant's id as create-tenant prints it, or the GitHub owner id alone.
N of --owner-id: \`gh api orgs/NAME --jq .id\` prints it; of --user-id: \`gh api users/NAME --jq .id\`.
--json prints the result as one line of JSON. Settings: the same as the service's (docs/runbook.md).
`

export type AdminCommand =
  | { readonly name: 'help' }
  | { readonly name: 'create-tenant'; readonly json: boolean; readonly owner: string; readonly ownerId: string; readonly issuer: string | null; readonly aiEnabled: boolean }
  | { readonly name: 'create-api-key'; readonly json: boolean; readonly tenant: string; readonly keyName: string; readonly scopes: readonly Scope[]; readonly expiresDays: number | null }
  | { readonly name: 'revoke-api-key'; readonly json: boolean; readonly tenant: string; readonly keyId: string }
  | { readonly name: 'set-github-token'; readonly json: boolean; readonly tenant: string }
  | { readonly name: 'add-member'; readonly json: boolean; readonly tenant: string; readonly login: string; readonly userId: string; readonly role: Role }
  | { readonly name: 'rotate-keys'; readonly json: boolean }
  | { readonly name: 'set-ai'; readonly json: boolean; readonly tenant: string; readonly purposes: readonly Purpose[]; readonly on: boolean }
  | { readonly name: 'ai-request'; readonly json: boolean; readonly tenant: string; readonly id: string }
  | { readonly name: 'dead-letters list'; readonly json: boolean; readonly tenant: string | null; readonly after: string | null }
  | { readonly name: 'dead-letters requeue'; readonly json: boolean; readonly tenant: string; readonly id: string }
  | { readonly name: 'check-quotas'; readonly json: boolean; readonly tenant: string; readonly month: string | null }
  | { readonly name: 'usage'; readonly json: boolean; readonly tenant: string; readonly by: UsageKey; readonly month: string | null }
  | { readonly name: 'models list'; readonly json: boolean; readonly tenant: string | null }
  | { readonly name: 'prices list'; readonly json: boolean; readonly tenant: string | null }
  | { readonly name: 'prices add'; readonly json: boolean; readonly tenant: string | null; readonly price: Readonly<Record<string, unknown>> }
  | { readonly name: 'prices end'; readonly json: boolean; readonly tenant: string | null; readonly ended: Readonly<Record<string, unknown>> }

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  owner: { type: 'string' },
  'owner-id': { type: 'string' },
  issuer: { type: 'string' },
  ai: { type: 'string' },
  tenant: { type: 'string' },
  login: { type: 'string' },
  'user-id': { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  scope: { type: 'string', multiple: true },
  'expires-days': { type: 'string' },
  after: { type: 'string' },
  purpose: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  month: { type: 'string' },
  by: { type: 'string' },
  model: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  tier: { type: 'string', multiple: true },
  source: { type: 'string' },
} as const

/** Which options each command takes besides --json. */
const TAKES: Readonly<Record<Exclude<AdminCommand['name'], 'help'>, readonly string[]>> = {
  'create-tenant': ['owner', 'owner-id', 'issuer', 'ai'],
  'create-api-key': ['tenant', 'name', 'scope', 'expires-days'],
  'revoke-api-key': ['tenant'],
  'set-github-token': ['tenant'],
  'add-member': ['tenant', 'login', 'user-id', 'role'],
  'rotate-keys': [],
  'set-ai': ['tenant', 'ai', 'purpose'],
  'ai-request': ['tenant', 'dry-run'],
  'dead-letters list': ['tenant', 'after'],
  'dead-letters requeue': ['tenant'],
  'check-quotas': ['tenant', 'month'],
  usage: ['tenant', 'by', 'month'],
  'models list': ['tenant'],
  'prices list': ['tenant'],
  'prices add': ['tenant', 'model', 'from', 'to', 'tier', 'source'],
  'prices end': ['tenant', 'model', 'from', 'to'],
}

/** Commands of two words. */
const GROUPS: ReadonlySet<string> = new Set(['dead-letters', 'models', 'prices'])

type Values = ReturnType<typeof parse>['values']

export function parseAdminCommand(args: readonly string[]): AdminCommand {
  const { values, positionals } = parse(args)
  if (values.help === true || (positionals.length === 0 && args.length === 0)) return { name: 'help' }
  const words = GROUPS.has(positionals[0] ?? '') ? 2 : 1
  const name = positionals.slice(0, words).join(' ')
  if (!isCommand(name)) throw usage(`there is no command '${name}'`)
  const strange = Object.keys(values).find((option) => option !== 'json' && !TAKES[name].includes(option))
  if (strange !== undefined) throw usage(`${name} does not take --${strange}`)
  const rest = positionals.slice(words)
  const takesId = name === 'revoke-api-key' || name === 'dead-letters requeue' || name === 'ai-request'
  // Not printed: it may be a token that was pasted into the wrong place.
  if (rest.length > (takesId ? 1 : 0)) throw usage(`${name} takes ${takesId ? 'one argument' : 'no further arguments'}; secrets come from standard input`)
  return build(name, values, rest[0])
}

function build(name: Exclude<AdminCommand['name'], 'help'>, values: Values, argument: string | undefined): AdminCommand {
  const json = values.json === true
  switch (name) {
    case 'create-tenant':
      return { name, json, owner: need(values, 'owner'), ownerId: numberOf(need(values, 'owner-id'), '--owner-id', 'organisation'), issuer: values.issuer ?? null, aiEnabled: isOn(values.ai) }
    case 'create-api-key':
      return { name, json, tenant: need(values, 'tenant'), keyName: values.name ?? 'made by an operator', scopes: scopesOf(values.scope), expiresDays: daysOf(values['expires-days']) }
    case 'revoke-api-key':
      return { name, json, tenant: need(values, 'tenant'), keyId: given(argument, 'the key id: the part between the first and the second _ of the key') }
    case 'set-github-token':
      return { name, json, tenant: need(values, 'tenant') }
    case 'add-member':
      return { name, json, tenant: need(values, 'tenant'), login: need(values, 'login'), userId: numberOf(need(values, 'user-id'), '--user-id', 'person'), role: roleNamed(values.role) }
    case 'rotate-keys':
      return { name, json }
    case 'set-ai':
      if (values.ai === undefined) throw usage('--ai is missing')
      return { name, json, tenant: need(values, 'tenant'), purposes: purposesOf(values.purpose), on: isOn(values.ai) }
    case 'ai-request':
      if (values['dry-run'] !== true) throw usage('ai-request only shows: say --dry-run')
      return { name, json, tenant: need(values, 'tenant'), id: given(argument, "the analysis's id") }
    case 'dead-letters list':
      return { name, json, tenant: values.tenant ?? null, after: values.after ?? null }
    case 'dead-letters requeue':
      return { name, json, tenant: need(values, 'tenant'), id: given(argument, "the dead letter's id") }
    case 'check-quotas':
      return { name, json, tenant: need(values, 'tenant'), month: monthOf(values.month) }
    case 'usage':
      return { name, json, tenant: need(values, 'tenant'), by: usageKeyOf(values.by), month: monthOf(values.month) }
    case 'models list':
    case 'prices list':
      return { name, json, tenant: values.tenant ?? null }
    case 'prices add': {
      const { to = null, tier = [], source } = values
      return { name, json, tenant: values.tenant ?? null, price: { model: need(values, 'model'), effectiveFrom: need(values, 'from'), effectiveTo: to, tiers: tier.map(tierOf), source } }
    }
    case 'prices end':
      return { name, json, tenant: values.tenant ?? null, ended: { model: need(values, 'model'), effectiveFrom: need(values, 'from'), effectiveTo: need(values, 'to') } }
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (cause) {
    throw usage((cause as Error).message.split('. ')[0] ?? 'the options are not readable')
  }
}

const usage = (detail: string): AppError => new AppError('USAGE', { detail })
const isCommand = (name: string): name is keyof typeof TAKES => Object.hasOwn(TAKES, name)

function need(values: Values, option: 'owner' | 'owner-id' | 'tenant' | 'login' | 'user-id' | 'model' | 'from' | 'to'): string {
  const value = values[option]
  if (value === undefined || value.trim() === '') throw usage(`--${option} is missing`)
  return value.trim()
}

function given(argument: string | undefined, what: string): string {
  if (argument === undefined) throw usage(`it needs ${what}`)
  return argument
}

function numberOf(text: string, option: string, whose: string): string {
  if (!/^[1-9]\d{0,19}$/.test(text)) throw usage(`${option} is the number that GitHub gave the ${whose}`)
  return text
}

function roleNamed(name = 'owner'): Role {
  const role = ROLES.find((each) => each === name)
  if (role === undefined) throw usage(`there is no role '${name}'; there are ${ROLES.join(', ')}`)
  return role
}

function isOn(text: string | undefined): boolean {
  if (text !== undefined && text !== 'on' && text !== 'off') throw usage('--ai is on or off')
  return text === 'on'
}

function scopesOf(names: readonly string[] | undefined): readonly Scope[] {
  const unknown = names?.find((name) => !SCOPES.some((scope) => scope === name))
  if (unknown !== undefined) throw usage(`there is no scope '${unknown}'; there are ${SCOPES.join(', ')}`)
  return names === undefined ? DEFAULT_SCOPES : SCOPES.filter((scope) => names.includes(scope))
}

function purposesOf(names: readonly string[] | undefined): readonly Purpose[] {
  const unknown = names?.find((name) => !PURPOSES.some((purpose) => purpose === name))
  if (unknown !== undefined) throw usage(`there is no purpose '${unknown}'; there are ${PURPOSES.join(', ')}`)
  return names === undefined ? PURPOSES : PURPOSES.filter((purpose) => names.includes(purpose))
}

function usageKeyOf(text = 'day'): UsageKey {
  const key = USAGE_KEYS.find((each) => each === text)
  if (key === undefined) throw usage(`--by is one of ${USAGE_KEYS.join(', ')}`)
  return key
}

/** `200000:2000000:12000000`, `any:4000000:18000000:400000`. */
function tierOf(text: string): Readonly<Record<string, number | null>> {
  const match = /^(\d{1,15}|any):(\d{1,15}):(\d{1,15})(?::(\d{1,15}))?$/.exec(text)
  if (match === null) throw usage(`--tier '${text}' is not written UPTO:INPUT:OUTPUT or UPTO:INPUT:OUTPUT:CACHED, in whole numbers`)
  const [, upTo = 'any', input, output, cached] = match
  return { upToInputTokens: upTo === 'any' ? null : Number(upTo), input: Number(input), output: Number(output), cached: cached === undefined ? null : Number(cached) }
}

function monthOf(text: string | undefined): string | null {
  if (text !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw usage('--month is written 2026-11')
  return text ?? null
}

function daysOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,3}$/.test(text)) throw usage('--expires-days is a number of days')
  return Number(text)
}
