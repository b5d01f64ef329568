// Does what an operator's command says. Prints results only; every change is in the audit log of its tenant.
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { AiSettings } from '../ai/ai-settings.ts'
import type { Advisor } from '../ai/advisor.ts'
import { endedModelSchema, newModelSchema, type ModelCatalogue } from '../ai/model-catalogue.ts'
import { listModels } from '../ai/prices/list-models.ts'
import { endedPriceSchema, newPriceSchema } from '../ai/prices/price-schema.ts'
import { EVERYBODY, type PricesService } from '../ai/prices/prices-service.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { ApiKeysService } from '../auth/api-keys-service.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import type { RotateKeys } from '../credentials/rotate-keys.ts'
import { AppError } from '../errors.ts'
import type { DeadLettersService } from '../queue/dead-letters-service.ts'
import type { QuotasModule } from '../quotas/assemble-quotas.ts'
import { dayOf, lastDayOf, monthOf } from '../quotas/periods.ts'
import { overrideSchema, quotaSchema } from '../quotas/quota-schema.ts'
import type { ScansModule } from '../scans/assemble-scans.ts'
import { Secret } from '../secret.ts'
import type { MembershipsService } from '../tenants/memberships-service.ts'
import { tenantIdOf, type Tenant, type TenantsStore } from '../tenants/tenants-store.ts'
import type { AdminCommand } from './admin-command.ts'

export interface AdminParts {
  readonly tenants: TenantsStore
  readonly apiKeys: ApiKeysService
  readonly credentials: CredentialsService
  readonly rotateKeys: RotateKeys
  readonly memberships: MembershipsService
  readonly audit: AuditStore
  readonly deadLetters: DeadLettersService
  readonly aiSettings: AiSettings
  readonly previewAi: (tenantId: string, id: string) => Promise<ReturnType<Advisor['preview']>>
  readonly quotas: Pick<QuotasModule, 'administration' | 'check' | 'usage'>
  readonly prices: PricesService
  readonly models: ModelCatalogue
  readonly scans: Pick<ScansModule, 'service' | 'runRound'>
  readonly clock: Clock
  /** The issuer that a tenant belongs to when none is named. */
  readonly issuer: string
  /** Standard input: the only way in for a secret. */
  readonly input: Readable
  write(line: string): void
  /** Says how far a long command is: for people, on standard error. */
  report(line: string): void
}

type Running = Exclude<AdminCommand, { name: 'help' }>
type Of<N extends Running['name']> = Extract<Running, { name: N }>
/** What a command found or did: printed line by line, or as JSON. */
type Result = Readonly<Record<string, unknown>>

const OPERATOR = { actor: 'operator', correlationId: null } as const
const PAGE = 50
const LONGEST_TOKEN = 4_096

export async function runAdminCommand(command: Running, parts: AdminParts): Promise<void> {
  const result = await run(command, parts)
  if (command.json) parts.write(JSON.stringify(result))
  else for (const line of lines(result)) parts.write(line)
}

function run(command: Running, parts: AdminParts): Promise<Result> {
  switch (command.name) {
    case 'create-tenant': return createTenant(command, parts)
    case 'create-api-key': return createApiKey(command, parts)
    case 'revoke-api-key': return revokeApiKey(command, parts)
    case 'set-github-token': return setGitHubToken(command, parts)
    case 'add-member': return addMember(command, parts)
    case 'rotate-keys': return rotateKeys(parts)
    case 'set-ai': return setAi(command, parts)
    case 'ai-request': return previewRequests(command, parts)
    case 'dead-letters list': return listDeadLetters(command, parts)
    case 'dead-letters requeue': return requeue(command, parts)
    case 'check-quotas': return checkCounters(command, parts)
    case 'usage': return sumUsage(command, parts)
    case 'quotas list': return listQuotas(command, parts)
    case 'quotas set': return setQuota(command, parts)
    case 'quotas override': return overrideQuota(command, parts)
    case 'quotas remove': return removeQuota(command, parts)
    case 'models list': return listAllModels(command, parts)
    case 'models add': return addModel(command, parts)
    case 'models end': return endModel(command, parts)
    case 'prices list': return listPrices(command, parts)
    case 'prices add': return addPrice(command, parts)
    case 'prices end': return endPrice(command, parts)
    case 'scans set': return setScans(command, parts)
    case 'scans run': return runScans(command, parts)
  }
}

async function createTenant({ owner, ownerId, issuer, aiEnabled }: Of<'create-tenant'>, parts: AdminParts): Promise<Result> {
  const tenant = await parts.tenants.create({ issuerHost: hostOf(issuer ?? parts.issuer), ownerId, ownerName: owner, aiEnabled })
  await parts.audit.for(tenant.id).append({ ...OPERATOR, action: 'tenant.created', subject: tenant.id, details: { owner, aiEnabled } })
  const { keyId, key } = await parts.apiKeys.create(tenant.id, { name: 'first', scopes: ['analyses:write', 'analyses:read'], expiresAt: null }, OPERATOR)
  return { tenant: tenant.id, owner, keyId, apiKey: key.reveal(), note: 'the API key is shown only now' }
}

async function createApiKey({ tenant, keyName, scopes, expiresDays }: Of<'create-api-key'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const expiresAt = expiresDays === null ? null : new Date(parts.clock().getTime() + expiresDays * DAY_MS)
  const { keyId, key } = await parts.apiKeys.create(id, { name: keyName, scopes, expiresAt }, OPERATOR)
  return { tenant: id, keyId, scopes, expiresAt: expiresAt?.toISOString() ?? 'never', apiKey: key.reveal(), note: 'the API key is shown only now' }
}

async function revokeApiKey({ tenant, keyId }: Of<'revoke-api-key'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  await parts.apiKeys.revoke(id, keyId, OPERATOR)
  return { tenant: id, revoked: keyId }
}

async function setGitHubToken({ tenant }: Of<'set-github-token'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  await parts.credentials.storeGitHubToken(id, await readSecret(parts.input), OPERATOR)
  return { tenant: id, stored: 'github-token' }
}

async function rotateKeys(parts: AdminParts): Promise<Result> {
  const { rotated, current, damaged } = await parts.rotateKeys({ onProgress: (progress) => parts.report(`${progress.rotated} rotated, ${progress.current} current already`) })
  return { rotated, alreadyCurrent: current, damaged }
}

async function addMember({ tenant, login, userId, role }: Of<'add-member'>, { memberships, ...parts }: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  await memberships.put(id, { userId, login, role }, OPERATOR)
  return { tenant: id, userId, login, role }
}

async function setAi({ tenant, purposes, on }: Of<'set-ai'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const switches = await parts.aiSettings.set(id, Object.fromEntries(purposes.map((purpose) => [purpose, on])), OPERATOR)
  return { tenant: id, ...switches }
}

async function previewRequests({ tenant, id: analysisId }: Of<'ai-request'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const requests = await parts.previewAi(id, analysisId)
  return { tenant: id, analysis: analysisId, sent: 'nothing', requests: requests.map(({ purpose, prompt }) => ({ purpose, ...prompt })) }
}

async function listDeadLetters({ tenant, after }: Of<'dead-letters list'>, parts: AdminParts): Promise<Result> {
  const id = tenant === null ? undefined : (await findTenant(tenant, parts)).id
  const letters = await parts.deadLetters.list(id, { after: after ?? undefined, limit: PAGE })
  return { deadLetters: letters, next: letters.length === PAGE ? letters.at(-1)?.id : null }
}

async function requeue({ tenant, id }: Of<'dead-letters requeue'>, parts: AdminParts): Promise<Result> {
  const found = await findTenant(tenant, parts)
  await parts.deadLetters.requeue(found.id, id, OPERATOR)
  return { tenant: found.id, requeued: id }
}

async function checkCounters({ tenant, month }: Of<'check-quotas'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const checked = month ?? monthOf(parts.clock())
  return { tenant: id, month: checked, ...(await parts.quotas.check(id, checked)) }
}

async function sumUsage({ tenant, by, month }: Of<'usage'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const day = month === null ? dayOf(parts.clock()) : lastDayOf(month)
  const { rows, total, from, to } = await parts.quotas.usage.summarise(id, by, { from: `${monthOf(day)}-01`, to: day })
  return { tenant: id, from, to, by, usage: rows, total, ...(month === null ? { forecast: await parts.quotas.usage.forecast(id) } : {}) }
}

async function listQuotas({ tenant }: Of<'quotas list'>, parts: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  return { tenant: id, quotas: await parts.quotas.administration.list(id) }
}

async function setQuota({ tenant, id, quota }: Of<'quotas set'>, parts: AdminParts): Promise<Result> {
  const wanted = readValue(quotaSchema, quota)
  const tenantId = (await findTenant(tenant, parts)).id
  return { tenant: tenantId, quota: await parts.quotas.administration.set(id, wanted, { tenantId, ...OPERATOR }) }
}

async function overrideQuota({ tenant, id, override }: Of<'quotas override'>, parts: AdminParts): Promise<Result> {
  const wanted = readValue(overrideSchema, override)
  const tenantId = (await findTenant(tenant, parts)).id
  return { tenant: tenantId, quota: await parts.quotas.administration.override(id, wanted, { tenantId, ...OPERATOR }) }
}

async function removeQuota({ tenant, id }: Of<'quotas remove'>, parts: AdminParts): Promise<Result> {
  const tenantId = (await findTenant(tenant, parts)).id
  await parts.quotas.administration.remove(id, { tenantId, ...OPERATOR })
  return { tenant: tenantId, removed: id }
}

async function listAllModels({ tenant }: Of<'models list'>, parts: AdminParts): Promise<Result> {
  const owner = await ownerOf(tenant, parts)
  const [priceOf, models] = await Promise.all([parts.prices.finder(owner), parts.models.of(owner)])
  return { asOf: models.asOf, source: models.source, models: listModels(models, (model) => priceOf(model, parts.clock().getTime())) }
}

async function addModel({ tenant, model }: Of<'models add'>, parts: AdminParts): Promise<Result> {
  const added = readValue(newModelSchema, model)
  await parts.models.add(await ownerOf(tenant, parts), added, OPERATOR)
  return { added }
}

async function endModel({ tenant, ended }: Of<'models end'>, parts: AdminParts): Promise<Result> {
  const read = readValue(endedModelSchema, ended)
  await parts.models.end(await ownerOf(tenant, parts), read, OPERATOR)
  return { ended: read }
}

async function listPrices({ tenant }: Of<'prices list'>, parts: AdminParts): Promise<Result> {
  return { prices: await parts.prices.list(await ownerOf(tenant, parts)) }
}

async function addPrice({ tenant, price }: Of<'prices add'>, parts: AdminParts): Promise<Result> {
  const added = readValue(newPriceSchema, { ...price, readOn: dayOf(parts.clock()) })
  await parts.prices.add(await ownerOf(tenant, parts), added, OPERATOR)
  return { added }
}

async function endPrice({ tenant, ended }: Of<'prices end'>, parts: AdminParts): Promise<Result> {
  const read = readValue(endedPriceSchema, ended)
  await parts.prices.end(await ownerOf(tenant, parts), read, OPERATOR)
  return { ended: read }
}

async function setScans({ tenant, settings }: Of<'scans set'>, { scans, ...parts }: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const { every, requests, discover, skip } = await scans.service.set(id, settings, OPERATOR)
  return { tenant: id, every, requestsPerHour: requests.limit, discover, skip }
}

async function runScans({ tenant }: Of<'scans run'>, { scans, ...parts }: AdminParts): Promise<Result> {
  const { id } = await findTenant(tenant, parts)
  const began = parts.clock()
  let repositories = await scans.service.run(id, OPERATOR)
  await scans.runRound(id, (due) => {
    // A listing may have found more.
    repositories = Math.max(repositories, due)
    parts.report(`${repositories - due} of ${repositories} repositories`)
  })
  const { paused, due, analysing, listing: { last } } = await scans.service.status(id)
  const listed = last === undefined || last.at < began ? {} : { listing: last.code === null ? `${last.listed} listed, ${last.added} new, ${last.removed} gone` : `failed: ${last.code}` }
  return { tenant: id, repositories, ...listed, ...(await scans.service.resultsSince(id, began)), due, analysing, paused: paused && `until ${paused.until.toISOString()}: ${paused.code}` }
}

function readValue<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new AppError('USAGE', { detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') })
  return parsed.data
}

/** Without a tenant: everybody. */
const ownerOf = async (tenant: string | null, parts: AdminParts): Promise<string> => (tenant === null ? EVERYBODY : (await findTenant(tenant, parts)).id)

/** By its id, or by the GitHub owner id alone at the first issuer of the settings. Throws TENANT_NOT_FOUND. */
async function findTenant(tenant: string, { tenants, issuer }: Pick<AdminParts, 'tenants' | 'issuer'>): Promise<Tenant> {
  const found = await tenants.get(/^\d+$/.test(tenant) ? tenantIdOf(hostOf(issuer), tenant) : tenant)
  if (found === null) throw new AppError('TENANT_NOT_FOUND', { detail: tenant })
  return found
}

async function readSecret(input: Readable): Promise<Secret> {
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.length > LONGEST_TOKEN) break
  }
  const token = text.trim()
  if (!/^[\x21-\x7e]+$/.test(token) || text.length > LONGEST_TOKEN) throw new AppError('USAGE', { detail: 'standard input must hold one token and nothing else' })
  return new Secret(token)
}

function hostOf(issuer: string): string {
  if (!URL.canParse(issuer)) throw new AppError('USAGE', { detail: `--issuer ${issuer} is no address` })
  return new URL(issuer).host
}

const lines = (result: Result): string[] =>
  Object.entries(result).flatMap(([name, value]) => {
    if (!Array.isArray(value)) return value === null ? [] : [`${name}: ${text(value)}`]
    return value.length === 0 ? [`${name}: none`] : [`${name}:`, ...value.map((entry) => `  ${text(entry)}`)]
  })

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
