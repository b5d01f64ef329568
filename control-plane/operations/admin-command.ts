// Reads the arguments of the operator's command: pure, everything that is wrong is USAGE.
import type { Purpose } from '../ai/purposes/purpose.ts'
import { parseArgs } from 'node:util'
import { SCOPES, type Scope } from '../auth/principal.ts'
import { ROLES, type Role } from '../auth/roles.ts'
import type { UsageKey } from '../quotas/usage-service.ts'
import type { ScanSettings } from '../scans/scans-service.ts'
import { DEFAULT_SCOPES, daysOf, isOn, limitsOf, monthOf, numberOf, percentsOf, purposesOf, roleNamed, scanSettingsOf, scopesOf, tierOf, tokensOf, usage, usageKeyOf } from './admin-values.ts'

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
  quotas list --tenant T
      limits, what is used of them, and what replaces them for a while
  quotas set QUOTA --tenant T --limit PERIOD:METRIC:N... [--warn-at PERCENT]...
      sets all limits of a quota; QUOTA: tenant, repository:ID, repository:*, actor:ACTOR or actor:*; PERIOD: day or month;
      METRIC: requests, tokens or costMicroUsd; warnings come at 80 and 95 percent unless --warn-at says others
  quotas override QUOTA --tenant T --limit PERIOD:METRIC:N... --reason TEXT --until TIME
      replaces the limits of a quota until a UTC time, written 2026-12-01T00:00:00Z
  quotas remove QUOTA --tenant T
  models list [--tenant T]
      the models that are configured, for what they are asked, and what they cost today
  models add --model M --provider gemini|anthropic|openai --window N --output-limit N --alias A [--first] [--tenant T]
      adds a model, for everybody or for one tenant, to those of an alias (fast, strong), behind or before the others; it is
      asked once it has a price
  models end --model M --to DAY [--tenant T]
      says on which UTC day a model is asked for the last time
  prices list [--tenant T]
      the prices that hold for a tenant, or for everybody
  prices add --model M --from DAY [--to DAY] --tier UPTO:INPUT:OUTPUT[:CACHED]... --source TEXT [--tenant T]
      adds a price from a UTC day on, for everybody or for one tenant; UPTO: input tokens of a call, any for no end;
      the others: micro-USD per million tokens
  prices end --model M --from DAY --to DAY [--tenant T]
      says on which day the price that began on --from ends

  scans set --tenant T --every off|weekly|daily [--requests-per-hour N|any] [--discover on|off] [--skip archived|disabled|fork|none]...
      how often the repositories of an organisation are looked at, with how many requests to GitHub (any: as many as the
      settings let everybody have), whether GitHub is asked which ones there are, and what is left out; what is not said
      stays as it is
  scans run --tenant T
      looks at all of them now, within the budget, and says how far it is; a running service does the analyses

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
  | { readonly name: 'quotas list'; readonly json: boolean; readonly tenant: string }
  | { readonly name: 'quotas set'; readonly json: boolean; readonly tenant: string; readonly id: string; readonly quota: Readonly<Record<string, unknown>> }
  | { readonly name: 'quotas override'; readonly json: boolean; readonly tenant: string; readonly id: string; readonly override: Readonly<Record<string, unknown>> }
  | { readonly name: 'quotas remove'; readonly json: boolean; readonly tenant: string; readonly id: string }
  | { readonly name: 'models list'; readonly json: boolean; readonly tenant: string | null }
  | { readonly name: 'models add'; readonly json: boolean; readonly tenant: string | null; readonly model: Readonly<Record<string, unknown>> }
  | { readonly name: 'models end'; readonly json: boolean; readonly tenant: string | null; readonly ended: Readonly<Record<string, unknown>> }
  | { readonly name: 'prices list'; readonly json: boolean; readonly tenant: string | null }
  | { readonly name: 'prices add'; readonly json: boolean; readonly tenant: string | null; readonly price: Readonly<Record<string, unknown>> }
  | { readonly name: 'scans set'; readonly json: boolean; readonly tenant: string; readonly settings: Partial<ScanSettings> }
  | { readonly name: 'scans run'; readonly json: boolean; readonly tenant: string }
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
  provider: { type: 'string' },
  window: { type: 'string' },
  'output-limit': { type: 'string' },
  alias: { type: 'string' },
  first: { type: 'boolean' },
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
  limit: { type: 'string', multiple: true },
  'warn-at': { type: 'string', multiple: true },
  reason: { type: 'string' },
  until: { type: 'string' },
  every: { type: 'string' },
  'requests-per-hour': { type: 'string' },
  discover: { type: 'string' },
  skip: { type: 'string', multiple: true },
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
  'quotas list': ['tenant'],
  'quotas set': ['tenant', 'limit', 'warn-at'],
  'quotas override': ['tenant', 'limit', 'reason', 'until'],
  'quotas remove': ['tenant'],
  'models list': ['tenant'],
  'models add': ['tenant', 'model', 'provider', 'window', 'output-limit', 'alias', 'first'],
  'models end': ['tenant', 'model', 'to'],
  'prices list': ['tenant'],
  'prices add': ['tenant', 'model', 'from', 'to', 'tier', 'source'],
  'prices end': ['tenant', 'model', 'from', 'to'],
  'scans set': ['tenant', 'every', 'requests-per-hour', 'discover', 'skip'],
  'scans run': ['tenant'],
}

/** Commands of two words. */
const GROUPS: ReadonlySet<string> = new Set(['dead-letters', 'quotas', 'models', 'prices', 'scans'])

/** Commands with an argument of their own. */
const TAKES_ARGUMENT: ReadonlySet<string> = new Set(['revoke-api-key', 'dead-letters requeue', 'ai-request', 'quotas set', 'quotas override', 'quotas remove'])

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
  const takesId = TAKES_ARGUMENT.has(name)
  // Not printed: it may be a token that was pasted into the wrong place.
  if (rest.length > (takesId ? 1 : 0)) throw usage(`${name} takes ${takesId ? 'one argument' : 'no further arguments'}; secrets come from standard input`)
  return build(name, values, rest[0])
}

function build(name: Exclude<AdminCommand['name'], 'help'>, values: Values, argument: string | undefined): AdminCommand {
  const json = values.json === true
  switch (name) {
    case 'create-tenant':
      return { name, json, owner: need(values, 'owner'), ownerId: numberOf(need(values, 'owner-id'), '--owner-id', 'organisation'), issuer: values.issuer ?? null, aiEnabled: isOn(values.ai, '--ai') }
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
      return { name, json, tenant: need(values, 'tenant'), purposes: purposesOf(values.purpose), on: isOn(values.ai, '--ai') }
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
    case 'quotas list':
      return { name, json, tenant: need(values, 'tenant') }
    case 'quotas set':
      return { name, json, tenant: need(values, 'tenant'), id: quotaNamed(argument), quota: { limits: limitsOf(values.limit), ...percentsOf(values['warn-at']) } }
    case 'quotas override':
      return { name, json, tenant: need(values, 'tenant'), id: quotaNamed(argument), override: { limits: limitsOf(values.limit), reason: need(values, 'reason'), until: need(values, 'until') } }
    case 'quotas remove':
      return { name, json, tenant: need(values, 'tenant'), id: quotaNamed(argument) }
    case 'models list':
    case 'prices list':
      return { name, json, tenant: values.tenant ?? null }
    case 'models add': {
      const { provider, window, 'output-limit': outputLimit, alias, first = false } = values
      return { name, json, tenant: values.tenant ?? null, model: { id: need(values, 'model'), provider, windowTokens: tokensOf(window, '--window'), outputLimitTokens: tokensOf(outputLimit, '--output-limit'), alias, isFirst: first } }
    }
    case 'models end':
      return { name, json, tenant: values.tenant ?? null, ended: { id: need(values, 'model'), lastDay: need(values, 'to') } }
    case 'prices add': {
      const { to = null, tier = [], source } = values
      return { name, json, tenant: values.tenant ?? null, price: { model: need(values, 'model'), effectiveFrom: need(values, 'from'), effectiveTo: to, tiers: tier.map(tierOf), source } }
    }
    case 'prices end':
      return { name, json, tenant: values.tenant ?? null, ended: { model: need(values, 'model'), effectiveFrom: need(values, 'from'), effectiveTo: need(values, 'to') } }
    case 'scans set':
      return { name, json, tenant: need(values, 'tenant'), settings: scanSettingsOf(values) }
    case 'scans run':
      return { name, json, tenant: need(values, 'tenant') }
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (cause) {
    throw usage((cause as Error).message.split('. ')[0] ?? 'the options are not readable')
  }
}

const isCommand = (name: string): name is keyof typeof TAKES => Object.hasOwn(TAKES, name)

function need(values: Values, option: 'owner' | 'owner-id' | 'tenant' | 'login' | 'user-id' | 'model' | 'from' | 'to' | 'reason' | 'until'): string {
  const value = values[option]
  if (value === undefined || value.trim() === '') throw usage(`--${option} is missing`)
  return value.trim()
}

const quotaNamed = (argument: string | undefined): string => given(argument, "the quota's name: tenant, repository:ID, repository:*, actor:ACTOR or actor:*")

function given(argument: string | undefined, what: string): string {
  if (argument === undefined) throw usage(`it needs ${what}`)
  return argument
}
